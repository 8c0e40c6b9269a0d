"""Quarantined rows mended by a person and taken after all, or dismissed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.privacy.services import explained, row_fields, visible_fields
from apps.sensing.cleaning.judging import MICROSECONDS
from apps.sensing.data import Fault
from apps.sensing.ingest.decoding import rows_decode
from apps.sensing.ingest.quarantine import CONFLICT, STORED, conflict_faults
from apps.sensing.models import Datastream, QuarantinedRow
from apps.sensing.models.uploads import RowState
from apps.sensing.selectors.faults import reason_plain
from apps.sensing.services.corrections import observation_correct
from apps.sensing.services.storing import chunk_store, streams_fresh

VALUE = "result"
READING = {VALUE, "phenomenonTime"}  # cells that leave a reading in the datastream for which it was sent
CHANGED = ("row", "field", "code", "reason", "state", "settled_by", "settled_at")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many quarantined rows were stored, and how many are still wrong."""

    mended: int
    still_open: int


@transaction.atomic
def quarantine_replay(
    rows: QuerySet[QuarantinedRow], *, viewer: Viewer, changes: Mapping[str, Any] | None = None
) -> Replayed:
    """Take open rows again, each with the same cells changed; settled ones are left alone.

    For rows that were right: of a stream that was registered later, or refused by a wrong clock.
    """
    _change_require(viewer, changes or {})
    open_rows = rows.filter(state=RowState.OPEN).select_for_update(of=("self",)).order_by("domain", "pk")
    mended = total = 0
    for domain, group in groupby(open_rows, key=lambda row: row.domain):
        _require(viewer, domain)
        several = list(group)
        total += len(several)
        mended += _taken(several, changes or {}, viewer)
    return Replayed(mended, total - mended)


@transaction.atomic
def quarantine_mend(row: QuarantinedRow, *, changes: Mapping[str, Any], viewer: Viewer) -> QuarantinedRow:
    """Take one row with some cells changed; when it is still wrong it stays, with the new reason."""
    _change_require(viewer, changes)
    stored = _open_row(row, viewer)
    if not isinstance(stored.row, dict):
        raise ProblemError(
            _("This row has no cells that could be changed; send it again instead."), "row", 409
        )
    _taken([stored], changes, viewer)
    return stored


@transaction.atomic
def quarantine_correct(row: QuarantinedRow, *, reason: str, viewer: Viewer) -> QuarantinedRow:
    """Correct the stored reading with the other value that has come for its moment; the row is settled."""
    stored = _open_row(row, viewer)
    if stored.code != CONFLICT:
        detail = _("There is no stored value that this row could correct; take it again instead.")
        raise ProblemError(detail, "code", 409, "code")
    decoded = rows_decode([(stored.pk, _sent(stored))], streams_fresh().table, stored.domain)
    for fault in decoded.faults:
        clear = row_fields(viewer, stored)["row"].is_clear
        why = fault.detail if clear else reason_plain(fault.code, fault.field)
        raise ProblemError(why, f"row.{fault.field}", code=fault.code)
    batch = decoded.batch
    stream = Datastream.objects.select_related("thing").get(pk=int(batch.streams[0]))
    at = datetime.fromtimestamp(int(batch.times[0]) / MICROSECONDS, UTC)
    observation_correct(stream, at=at, result=float(batch.results[0]), reason=reason, viewer=viewer)
    _settle([stored], RowState.MENDED, viewer)
    return stored


@transaction.atomic
def quarantine_dismiss(row: QuarantinedRow, *, viewer: Viewer) -> QuarantinedRow:
    """Set the row aside; it is kept with its reason."""
    stored = _open_row(row, viewer)
    _settle([stored], RowState.DISMISSED, viewer)
    return stored


def _open_row(row: QuarantinedRow, viewer: Viewer) -> QuarantinedRow:
    _require(viewer, row.domain)
    stored = QuarantinedRow.objects.select_for_update().get(pk=row.pk)
    if stored.state != RowState.OPEN:
        raise ProblemError(_("This row has been settled already."), "state", 409, "settled")
    return stored


def _require(viewer: Viewer, domain: str) -> None:
    if not viewer.may(domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not mend rows of this domain."), "domain", 403, "role")


def _change_require(viewer: Viewer, changes: Mapping[str, Any]) -> None:
    """Somebody who is not shown the row does not send its hidden value to a datastream that shows it."""
    if changes.keys() <= READING or VALUE in changes:
        return
    decision = visible_fields(viewer, QuarantinedRow)["row"]
    if not decision.is_clear:
        why = explained(decision, object_type="sensing.QuarantinedRow", field="row")
        detail = _("You may change this cell only together with the value: the row is not shown to you.")
        raise ProblemError(f"{detail} {why}", "changes", 403, "clearance")


def _taken(rows: list[QuarantinedRow], changes: Mapping[str, Any], viewer: Viewer) -> int:
    """Store the good ones of some rows of one domain; how many those were."""
    for row in rows:
        if isinstance(row.row, dict):
            row.row = {**row.row, **changes}
    numbered = [(row.pk, _sent(row)) for row in rows]
    known = streams_fresh()
    decoded = rows_decode(numbered, known.table, rows[0].domain)
    stored = chunk_store(decoded, known)
    conflicts = conflict_faults(stored.conflicts, known.table)
    faults = {fault.index: fault for fault in (*stored.faults, *conflicts)}
    _explain((row, faults[row.pk]) for row in rows if row.pk in faults)
    good = [row for row in rows if row.pk not in faults]
    _settle(good, RowState.MENDED, viewer)
    return len(good)


def _sent(row: QuarantinedRow) -> Any:
    """The row as it was sent: a conflict is kept with the stored value beside it."""
    if row.code == CONFLICT and isinstance(row.row, dict):
        return {name: value for name, value in row.row.items() if name != STORED}
    return row.row


def _explain(wrong: Iterable[tuple[QuarantinedRow, Fault]]) -> None:
    rows = []
    for row, fault in wrong:
        row.field, row.code, row.reason = fault.field, fault.code, fault.detail
        rows.append(row)
    QuarantinedRow.objects.bulk_update(rows, CHANGED, batch_size=1000)


def _settle(rows: list[QuarantinedRow], state: RowState, viewer: Viewer) -> None:
    now = timezone.now()
    for row in rows:
        row.state, row.settled_by_id, row.settled_at = state, viewer.user_id, now
        access_record(Act(f"quarantine_{state}", viewer.user_id, "sensing.QuarantinedRow", str(row.pk)))
    QuarantinedRow.objects.bulk_update(rows, CHANGED, batch_size=1000)
