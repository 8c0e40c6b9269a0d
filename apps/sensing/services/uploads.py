"""Uploads: a file is kept, looked at, mapped by a person, then imported by a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DataError, connection, transaction

from apps.accounts.data import Capability, Viewer
from apps.core.divisions import EVERYWHERE
from apps.core.errors import ProblemError
from apps.core.jobs import JobCancelledError, job_create, job_progress, job_reap, job_running
from apps.core.models import JobKind, JobState
from apps.core.sentences import sentence as _
from apps.privacy.data import Decision
from apps.privacy.services import row_fields
from apps.sensing.cleaning.ranges import outside
from apps.sensing.cleaning.rules import rules_of
from apps.sensing.data import Fault
from apps.sensing.files.mapping import SURPRISES, ColumnMapping, mapping_guess, readings_numbered
from apps.sensing.files.tables import Table, table_open
from apps.sensing.files.workbooks import Numbered
from apps.sensing.ingest.decoding import Decoded, rows_decode
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.models import QuarantinedRow, Upload
from apps.sensing.selectors.uploads import columns_told
from apps.sensing.services.storing import Origin, chunk_store
from apps.sensing.signals import upload_confirmed

CHUNK_ROWS = 20_000
COUNTED = ("stored", "repeated", "conflict", "quarantined", "implausible")
IMPLAUSIBLE_SHOWN = 100  # of the values outside of their range, these many are named with their line
log = structlog.get_logger("sensing")


def upload_create(file: UploadedFile[Any], *, domain: str, viewer: Viewer) -> Upload:
    """Keep a file and guess its mapping; ProblemError when it cannot be read or the role forbids it."""
    if not viewer.may(domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not upload to this domain."), "domain", 403, "role")
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise ProblemError(_("The file is too large; cut it into parts."), "file", 413, "too_large")
    upload = Upload(domain=domain, name=Path(file.name or "file").name[:200])
    upload.division = viewer.division or EVERYWHERE
    upload.uploaded_by_id = viewer.user_id or 0
    upload.file.save(upload.name, file, save=False)
    try:
        table = table_open(Path(upload.file.path))
    except ProblemError:
        upload.file.delete(save=False)
        raise
    upload.mapping = mapping_guess(table.columns).as_dict()
    upload.save()
    return upload


def upload_table(upload: Upload) -> Table:
    """The table in the file of an upload; ProblemError when the file is gone."""
    if not upload.file.storage.exists(upload.file.name or ""):
        raise ProblemError(_("The file is no longer kept; upload it again."), "file", 410, "gone")
    return table_open(Path(upload.file.path))


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, or of its content only what the reader may have."""

    table: Table
    columns: Sequence[str]
    rows: list[dict[str, Any]]
    masked: dict[str, Decision]  # what is kept back, and why


def upload_preview(upload: Upload, *, viewer: Viewer) -> Preview:
    """What the grade of ``Upload.file`` gives the viewer of a file; ProblemError when it is gone.

    Whoever brought it gets the names of its columns in any case: nobody else could map them.
    """
    decision = row_fields(viewer, upload)["file"]
    table = upload_table(upload)
    if decision.is_clear:
        return Preview(table, table.columns, table.preview(), {})
    if columns_told(viewer, upload):
        return Preview(table, table.columns, [], {"rows": decision})
    return Preview(table, [], [], {"columns": decision, "rows": decision})


def confirm_require(upload: Upload, viewer: Viewer) -> None:
    """ProblemError 403 for whoever may not import the file: nobody maps columns that are not told them."""
    if not viewer.may(upload.domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not upload to this domain."), "domain", 403, "role")
    if not columns_told(viewer, upload):
        detail = _("Only whoever brought this file, or somebody to whom its rows are shown, may import it.")
        raise ProblemError(detail, "upload", 403, "clearance")


@transaction.atomic
def upload_confirm(upload: Upload, *, mapping: ColumnMapping, viewer: Viewer) -> Upload:
    """Take the mapping and start the import; ProblemError names what does not fit."""
    stored = (
        Upload.objects.select_for_update(of=("self",)).select_related("job", "uploaded_by").get(pk=upload.pk)
    )
    confirm_require(stored, viewer)
    if stored.job is not None and job_reap(stored.job.pk):
        stored.job.refresh_from_db()
    if stored.job is not None and stored.job.state in {JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED}:
        raise ProblemError(_("This file has been imported or is being imported."), "upload", 409, "repeated")
    mapping.check(upload_table(stored).columns)
    stored.mapping = mapping.as_dict()
    stored.job = job_create(
        JobKind.UPLOAD,
        title=stored.name,
        domain=stored.domain,
        division=stored.division,
        owner=stored.uploaded_by,
    )
    stored.save(update_fields=["mapping", "job"])
    transaction.on_commit(partial(upload_confirmed.send, sender=Upload, upload_id=stored.pk))
    return stored


def upload_import(upload: Upload) -> None:
    """Import the file chunk by chunk; safe to start again after a crash, since replay changes nothing.

    Raises JobBusyError when another worker is at it.
    """
    if upload.job is None:
        return
    with job_running(upload.job.pk, stage="import") as job:
        if job is not None:
            upload.refresh_from_db()
            _import_chunks(upload)
            job.result_url = f"/portal/uploads/{upload.pk}/"


def _import_chunks(upload: Upload) -> None:
    mapping = ColumnMapping(**upload.mapping)
    zone, streams = mapping.zone(), KnownStreams()
    with connection.cursor() as cursor:
        streams.load(cursor.cursor)
    QuarantinedRow.objects.filter(upload=upload).delete()
    upload.rows, upload.implausible_rows = 0, []
    for name in COUNTED:
        setattr(upload, name, 0)
    numbered = readings_numbered(upload_table(upload).numbered(), mapping, zone)
    while chunk := list(islice(numbered, CHUNK_ROWS)):
        _import_rows(upload, chunk, streams)
        figures = {name: getattr(upload, name) for name in COUNTED}
        if upload.job_id and job_progress(upload.job_id, done=upload.rows, figures=figures) == "cancel":
            raise JobCancelledError


def _import_rows(upload: Upload, rows: list[Numbered], streams: KnownStreams) -> None:
    """Store rows; where one of them ends the transaction, it is looked for by halves and set aside."""
    try:
        _store_chunk(upload, rows_decode(rows, streams.table, upload.domain), streams)
    except (*SURPRISES, DataError) as error:
        if len(rows) > 1:
            half = len(rows) // 2
            _import_rows(upload, rows[:half], streams)
            _import_rows(upload, rows[half:], streams)
            return
        line, row = rows[0]
        log.warning("upload_row_refused", upload=upload.pk, line=line, kind=type(error).__name__)
        fault = Fault(line, "row", "unreadable", _("The row cannot be stored; check its values."), row)
        _store_chunk(upload, rows_decode([(line, fault)], streams.table, upload.domain), streams)


@transaction.atomic
def _store_chunk(upload: Upload, decoded: Decoded, streams: KnownStreams) -> None:
    stored = chunk_store(decoded, streams, origin=Origin(upload.domain, "upload", upload.pk))
    upload.rows += len(decoded.batch) + len(decoded.faults)
    upload.stored += stored.stored
    upload.repeated += stored.repeated
    upload.conflict += len(stored.conflicts)
    upload.quarantined += len(stored.faults)
    _implausible_note(upload, decoded)
    upload.save(update_fields=["rows", *COUNTED, "implausible_rows"])


def _implausible_note(upload: Upload, decoded: Decoded) -> None:
    """Count the values that the range rule marks as bad: they are kept and never used."""
    batch, rules = decoded.batch, rules_of(decoded.table.limits_of(decoded.batch.streams))
    found = np.flatnonzero(outside(batch.results, rules.low, rules.high))
    upload.implausible += len(found)
    shown = found[: IMPLAUSIBLE_SHOWN - len(upload.implausible_rows)]
    keys = decoded.table.names(batch.streams[shown].tolist()) if len(shown) else {}
    upload.implausible_rows += [
        {
            "line": int(batch.numbers()[row]),
            "datastream": keys[int(batch.streams[row])],
            "unit": decoded.table.units[int(batch.streams[row])],
            "result": float(batch.results[row]),
            "low": _bound(rules.low[row]),
            "high": _bound(rules.high[row]),
        }
        for row in shown.tolist()
    ]


def _bound(limit: float) -> float | None:
    """A limit as JSON has it; a rule may take one away."""
    return float(limit) if np.isfinite(limit) else None
