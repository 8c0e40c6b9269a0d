"""Corrections: one new value goes into every row of the person that holds the old one, in every domain."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer, acting_as
from apps.core.declarations import SubjectRecord
from apps.core.errors import ProblemError
from apps.subjects.models import Kind, State, SubjectRequest
from apps.subjects.selectors.matching import SYSTEM, cleaned
from apps.subjects.selectors.records import records, rows_of
from apps.subjects.services.officers import act_record, officer_check
from apps.subjects.services.steps import (
    confirmed_rows,
    domains_of,
    kind_check,
    request_end,
    request_locked,
    second_person_check,
)
from apps.subjects.signals import subject_changed

LONGEST = 1000


def changes_known() -> set[str]:
    """What may be corrected: every identifier of some record, and ``"hospital.Patient.sex"`` and the like."""
    known = set[str]()
    for label, (_slug, record) in records().items():
        known |= set(record.identity) | {f"{label}.{name}" for name in record.correctable}
    return known


def changes_check(changes: dict[str, Any]) -> None:
    """ProblemError 400 for an empty correction, one of an unknown field, or one that is no short text."""
    if not changes:
        raise ProblemError(_("Say what is to be corrected, and how."), "changes", code="missing")
    for name, value in changes.items():
        if name not in changes_known():
            raise ProblemError(_("This cannot be corrected here: %(name)s.") % {"name": name[:60]}, "changes")
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            raise ProblemError(_("Give the new value as a text of up to 1000 characters."), "changes")


@transaction.atomic
def request_correct(request_id: int, *, viewer: Viewer) -> SubjectRequest:
    """Write the corrections into every confirmed row that has such a field; all of them or none.

    The rows are saved one by one, so that what is derived from a field (a blind index, the change history)
    follows. Needs a second person.
    """
    request = request_locked(request_id, viewer, State.FOUND)
    kind_check(request, Kind.CORRECT)
    second_person_check(request, viewer)
    rows = confirmed_rows(request)
    officer_check(viewer, domains_of(rows))
    with acting_as(SYSTEM):
        changed = [found for label, ids in rows.items() for found in _corrected(label, ids, request.changes)]
    if not changed:
        raise ProblemError(_("No confirmed row has such a field; nothing was changed."), "changes", 409)
    request.result = {"changed": [[label, sorted(fields)] for label, _pk, fields in changed]}
    touched = [(label, pk) for label, pk, _fields in changed]
    act_record("correct", viewer, request.pk, touched)
    transaction.on_commit(
        partial(subject_changed.send, sender=SubjectRequest, kind="corrected", rows=touched)
    )
    request.changes = dict.fromkeys(request.changes, "")  # what was changed stays, the values do not
    return request_end(request, State.DONE, viewer)


def _corrected(label: str, ids: list[str], changes: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    record = records()[label][1]
    wanted = _fields(label, record, changes)
    done = []
    for row in rows_of(label).filter(pk__in=ids).select_for_update() if wanted else ():
        names = [name for name, value in wanted.items() if _is_set(row, name, value)]
        if names:
            row.save()
            done.append((label, str(row.pk), names))
    return done


def _fields(label: str, record: SubjectRecord, changes: dict[str, str]) -> dict[str, str]:
    """The fields of this record that the changes speak of."""
    known = {
        record.identity[kind]: cleaned(kind, value)
        for kind, value in changes.items()
        if kind in record.identity
    }
    own = {name: changes[f"{label}.{name}"] for name in record.correctable if f"{label}.{name}" in changes}
    return known | own


def _is_set(row: Any, name: str, value: str) -> bool:
    """Set the field where it differs; ProblemError names it where the model refuses the value."""
    field = row._meta.get_field(name)
    try:
        new = field.clean(value, row)
    except ValidationError as error:
        raise ProblemError(f"{field.verbose_name}: {' '.join(error.messages)}", "changes") from error
    if getattr(row, name) == new:
        return False
    setattr(row, name, new)
    return True
