"""Corrections: the value that is used changes, what it was stays known, and who changed it and why.

Nothing is destroyed: the replaced version goes to ``Revision`` with the time in which it was in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.sensing.cleaning.edits import Versions, edited
from apps.sensing.data import Quality
from apps.sensing.ingest.partitions import micros
from apps.sensing.ingest.versions import (
    neighbour,
    versions_moment,
    versions_of,
    versions_replace,
    versions_settle,
    versions_undo,
)
from apps.sensing.models import Datastream, Edit
from apps.sensing.models.history import OPERATIONS
from apps.sensing.selectors.history import edit_operation, versions_first
from apps.sensing.selectors.partitions import days_archived
from apps.sensing.signals import readings_corrected

MOST = 200_000  # readings of one correction: more are a matter for several
NUMBERED = {"set", "shift", "scale"}
YEARS = range(1970, 9999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is wished: which readings (both ends included), what to do with them, and why."""

    start: datetime
    end: datetime
    operation: str
    reason: str
    value: float | None = None
    quality: int | None = None


@transaction.atomic
def edit_make(datastream: Datastream, *, wish: Correction, viewer: Viewer) -> Edit:
    """Correct readings; ProblemError names what does not fit. Roll-ups and latest value follow."""
    _require(viewer, datastream)
    _check(wish)
    _one_at_a_time(datastream.pk)
    with connection.cursor() as cursor:
        before = _before(cursor, datastream, wish)
        anchors = _anchors(cursor, datastream.pk, wish) if wish.operation == "interpolate" else None
        edit = Edit.objects.create(
            datastream=datastream,
            start=wish.start,
            end=wish.end,
            operation=wish.operation,
            value=wish.value,
            quality=wish.quality,
            anchors=anchors,
            reason=wish.reason,
            changed=len(before.times),
            made_by_id=viewer.user_id or 0,
            made_at=versions_moment(cursor, datastream.pk, wish.start, wish.end),
        )
        after = edited(before, edit_operation(edit), first=versions_first(before, datastream.pk))
        if np.isinf(after.results).any():
            raise ProblemError(_("The corrected values are too large."), "value", code="range")
        versions_replace(cursor, datastream.pk, after, edit=edit.pk, at=edit.made_at)
    _announce(edit, act="correct", viewer=viewer)
    return edit


def observation_correct(
    datastream: Datastream,
    *,
    at: datetime,
    reason: str,
    viewer: Viewer,
    result: float | None = None,
    quality: int | None = None,
) -> Edit:
    """Give one reading another value, another quality, or both; a new value alone counts as good."""
    operation = "flag" if result is None else "set"
    wish = Correction(start=at, end=at, operation=operation, value=result, quality=quality, reason=reason)
    return edit_make(datastream, wish=wish, viewer=viewer)


def observation_discard(datastream: Datastream, *, at: datetime, reason: str, viewer: Viewer) -> Edit:
    """Mark one reading as bad: it is kept and never used."""
    wish = Correction(start=at, end=at, operation="flag", quality=Quality.BAD.value, reason=reason)
    return edit_make(datastream, wish=wish, viewer=viewer)


@transaction.atomic
def edit_undo(edit: Edit, *, viewer: Viewer) -> Edit:
    """Put back what the correction has replaced; the latest correction of a reading must go first."""
    stored = Edit.objects.select_for_update(of=("self",)).select_related("datastream__thing").get(pk=edit.pk)
    _require(viewer, stored.datastream)
    _one_at_a_time(stored.datastream_id)
    if stored.undone_at is not None:
        raise ProblemError(_("This correction has been undone already."), "undone_at", 409, "repeated")
    later = Edit.objects.filter(
        datastream=stored.datastream,
        pk__gt=stored.pk,
        undone_at=None,
        start__lte=stored.end,
        end__gte=stored.start,
    )
    if later.exists():
        raise ProblemError(
            _("A later correction changes the same readings; undo that one first."), "id", 409, "order"
        )
    with connection.cursor() as cursor:
        stored.undone_at = versions_moment(cursor, stored.datastream_id, stored.start, stored.end)
        stored.undone_by_id = viewer.user_id
        stored.save(update_fields=["undone_at", "undone_by"])
        back = versions_undo(
            cursor, stored.datastream_id, edit=stored.pk, made=stored.made_at, at=stored.undone_at
        )
    if back != stored.changed:
        raise _archived()
    _announce(stored, act="undo_correction", viewer=viewer)
    return stored


def _one_at_a_time(datastream_id: int) -> None:
    """Corrections of one stream follow one another, in the order of their numbers; readings do not wait."""
    Datastream.objects.select_for_update(no_key=True).get(pk=datastream_id)


def _require(viewer: Viewer, datastream: Datastream) -> None:
    if not viewer.may(datastream.thing.domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not correct readings of this domain."), "datastream", 403, "role")


def _check(wish: Correction) -> None:
    if wish.operation not in dict(OPERATIONS):
        raise ProblemError(_("There is no such operation."), "operation", code="unknown")
    for name in ("start", "end"):
        if getattr(wish, name).year not in YEARS:
            raise ProblemError(_("The year is out of range."), name)
    if wish.start > wish.end:
        raise ProblemError(_("The start must not lie after the end."), "start")
    if wish.operation in NUMBERED and (wish.value is None or not isfinite(wish.value)):
        raise ProblemError(_("This operation needs a number."), "value", code="missing")
    if wish.operation == "flag" and wish.quality is None:
        raise ProblemError(_("This operation needs a quality."), "quality", code="missing")
    if not wish.reason.strip():
        raise ProblemError(_("Say why the readings are corrected."), "reason", code="missing")


def _before(cursor: Any, datastream: Datastream, wish: Correction) -> Versions:
    """The readings to correct, locked; ProblemError where there are none, too many, or archived ones."""
    if days_archived(first=_day(wish.start), last=_day(wish.end)):
        raise _archived()
    before = versions_of(cursor, datastream.pk, wish.start, wish.end, limit=MOST + 1)
    if not 0 < len(before.times) <= MOST:
        detail = _("There are %(count)s readings in this time; from 1 to %(most)d can be corrected at once.")
        raise ProblemError(detail % {"count": len(before.times), "most": MOST}, "start", code="count")
    return before


def _archived() -> ProblemError:
    detail = _("Readings of this time are archived; have the days restored first.")
    return ProblemError(detail, "start", 409, "archived")


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _anchors(cursor: Any, stream: int, wish: Correction) -> list[tuple[int, float]]:
    """The nearest usable readings before and after; ProblemError where there is none."""
    found = [
        neighbour(cursor, stream, wish.start, before=True),
        neighbour(cursor, stream, wish.end, before=False),
    ]
    ends = [(micros(at), value) for at, value in (item for item in found if item is not None)]
    if len(ends) != len(found):
        raise ProblemError(_("There is no usable reading on both sides to draw a line between."), "start")
    return ends


def _announce(edit: Edit, *, act: str, viewer: Viewer) -> None:
    with connection.cursor() as cursor:
        versions_settle(cursor, edit.datastream_id, edit.start, edit.end)
    acted = Act(act, viewer.user_id, "sensing.Datastream", str(edit.datastream_id), rows=edit.changed)
    access_record(acted)
    news = {"datastream_ids": [edit.datastream_id], "start": edit.start, "end": edit.end}
    transaction.on_commit(partial(readings_corrected.send, sender=Edit, **news))
