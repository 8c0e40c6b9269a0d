"""What a deletion may touch: the rows that a law keeps, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from apps.core.declarations import Keep, SubjectRecord
from apps.subjects.data import Erasure
from apps.subjects.selectors.records import dependents, records, rows_of

Held = tuple[str, date | None]  # the law, and until when; None: as long as the row is in use


def held_by(row: Any, record: SubjectRecord, today: date) -> Held | None:
    """The law that keeps ``row`` today, or None."""
    for keep in record.keeps:
        if keep.only is None or getattr(row, keep.only[0]) == keep.only[1]:
            return _held(row, keep, today)
    return None


def _held(row: Any, keep: Keep, today: date) -> Held | None:
    began = getattr(row, keep.since) if keep.since else None
    if began is None:
        return str(keep.law), None
    day = timezone.localtime(began).date() if hasattr(began, "hour") else began
    until = _years_after(day, keep.years)
    return (str(keep.law), until) if until > today else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


def erasure_plan(labels: dict[str, list[str]]) -> Erasure:
    """What the deletion of these rows (``"hospital.Patient" -> ids``) does, row by row.

    What hangs on a row goes with it. A row on which a kept row hangs is kept by the same law, and so is every
    record that refers to it.
    """
    plan, done, today = Erasure(), dict[tuple[str, Any], Held | None](), timezone.localdate()
    for label in reversed(list(records())):
        for row in rows_of(label).filter(pk__in=labels.get(label, [])).order_by("pk"):
            _judge(row, label, plan, done, today)
    return plan


def _judge(
    row: Any, label: str, plan: Erasure, done: dict[tuple[str, Any], Held | None], today: date
) -> Held | None:
    if (label, row.pk) in done:
        return done[label, row.pk]
    record, held = records()[label][1], list[Held]()
    for below in dependents(label):
        for hanging in rows_of(below.model).filter(**{below.root: row.pk}).order_by("pk"):
            law = _judge(hanging, below.model, plan, done, today)
            held += [law] if law else []
    own = held_by(row, record, today)
    done[label, row.pk] = law = max([*held, *([own] if own else [])], key=_length, default=None)
    if law:
        plan.kept.append((row, *law))
    else:
        (plan.delete if record.erase == "delete" else plan.anonymise).append(row)
    return law


def _length(held: Held) -> date:
    return held[1] or date.max
