"""Quarantined rows mended by a person and taken after all, or dismissed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.sensing.ingest.decoding import rows_decode
from apps.sensing.models import QuarantinedRow
from apps.sensing.models.uploads import RowState
from apps.sensing.services.storing import chunk_store, table_known


@transaction.atomic
def quarantine_mend(row: QuarantinedRow, *, changes: Mapping[str, Any], viewer: Viewer) -> QuarantinedRow:
    """Take the row with some cells changed; one that is still wrong keeps its place with the new reason."""
    stored = _open_row(row, viewer)
    if not isinstance(stored.row, dict):
        raise ProblemError(
            _("This row has no cells that could be changed; send it again instead."), "row", 409
        )
    wanted = {**stored.row, **changes}
    decoded = rows_decode([(stored.line, wanted)], table_known(unknown=True), stored.domain)
    if decoded.faults:
        fault = decoded.faults[0]
        stored.row, stored.field, stored.code, stored.reason = (
            wanted,
            fault.field,
            fault.code,
            fault.detail[:300],
        )
        stored.save(update_fields=["row", "field", "code", "reason"])
        return stored
    chunk_store(decoded.batch, table_known())
    stored.row = wanted
    return _settle(stored, RowState.MENDED, viewer)


@transaction.atomic
def quarantine_dismiss(row: QuarantinedRow, *, viewer: Viewer) -> QuarantinedRow:
    """Set the row aside; it is kept with its reason."""
    return _settle(_open_row(row, viewer), RowState.DISMISSED, viewer)


def _open_row(row: QuarantinedRow, viewer: Viewer) -> QuarantinedRow:
    if not viewer.may(row.domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not mend rows of this domain."), "domain", 403, "role")
    stored = QuarantinedRow.objects.select_for_update().get(pk=row.pk)
    if stored.state != RowState.OPEN:
        raise ProblemError(_("This row has been settled already."), "state", 409, "settled")
    return stored


def _settle(row: QuarantinedRow, state: RowState, viewer: Viewer) -> QuarantinedRow:
    row.state, row.settled_by_id, row.settled_at = state, viewer.user_id, timezone.now()
    row.save(update_fields=["row", "state", "settled_by", "settled_at"])
    access_record(Act(f"quarantine_{state}", viewer.user_id, "sensing.QuarantinedRow", str(row.pk)))
    return row
