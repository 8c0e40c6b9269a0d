"""Uploads: a file is kept, looked at, mapped by a person, then imported by a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.core.jobs import job_cancelled, job_create, job_fail, job_progress, job_start, job_succeed
from apps.core.models import JobState
from apps.core.places import EVERYWHERE
from apps.privacy.data import Decision
from apps.privacy.services import row_fields
from apps.sensing.data import Batch, Fault
from apps.sensing.files.mapping import ColumnMapping, mapping_guess, readings_of
from apps.sensing.files.tables import Table, table_open
from apps.sensing.ingest.decoding import rows_decode
from apps.sensing.ingest.quarantine import faults_keep
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.models import QuarantinedRow, Upload
from apps.sensing.services.storing import chunk_store
from apps.sensing.signals import upload_confirmed

CHUNK_ROWS = 20_000


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
    if upload.uploaded_by_id == viewer.user_id:
        return Preview(table, table.columns, [], {"rows": decision})
    return Preview(table, [], [], {"columns": decision, "rows": decision})


@transaction.atomic
def upload_confirm(upload: Upload, *, mapping: ColumnMapping, viewer: Viewer) -> Upload:
    """Take the mapping and start the import; ProblemError names what does not fit."""
    stored = (
        Upload.objects.select_for_update(of=("self",)).select_related("job", "uploaded_by").get(pk=upload.pk)
    )
    if not viewer.may(stored.domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not upload to this domain."), "domain", 403, "role")
    if stored.job is not None and stored.job.state in {JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED}:
        raise ProblemError(_("This file has been imported or is being imported."), "upload", 409, "repeated")
    mapping.check(upload_table(stored).columns)
    stored.mapping = mapping.as_dict()
    stored.job = job_create("upload", title=stored.name, domain=stored.domain, owner=stored.uploaded_by)
    stored.save(update_fields=["mapping", "job"])
    transaction.on_commit(partial(upload_confirmed.send, sender=Upload, upload_id=stored.pk))
    return stored


def upload_import(upload: Upload) -> None:
    """Import the file chunk by chunk; safe to start again after a crash, since replay changes nothing."""
    if upload.job is None or upload.job.is_final:
        return
    job_id = upload.job.pk
    try:
        job_start(job_id, stage="import", total=upload_table(upload).path.stat().st_size)
        cancelled = _import_chunks(upload)
    except ProblemError as error:
        job_fail(job_id, message=str(error))
        return
    if cancelled:
        job_cancelled(job_id)
        return
    job_succeed(job_id, result_url=f"/portal/uploads/{upload.pk}/")


def _import_chunks(upload: Upload) -> bool:
    """True when somebody wished to cancel."""
    mapping = ColumnMapping(**upload.mapping)
    zone, streams = mapping.zone(), StreamTable()
    with connection.cursor() as cursor:
        streams.load(cursor.cursor)
    QuarantinedRow.objects.filter(upload=upload).delete()
    upload.rows = upload.stored = upload.repeated = upload.quarantined = 0
    rows = enumerate(upload_table(upload).rows(), start=2)  # line 1 is the header
    numbered = ((line, reading) for line, row in rows for reading in readings_of(row, mapping, zone))
    while chunk := list(islice(numbered, CHUNK_ROWS)):
        decoded = rows_decode(chunk, streams, upload.domain)
        _store_chunk(upload, decoded.batch, decoded.faults, streams)
        figures = {"stored": upload.stored, "repeated": upload.repeated, "quarantined": upload.quarantined}
        if upload.job_id and job_progress(upload.job_id, done=upload.rows, figures=figures) == "cancel":
            return True
    return False


@transaction.atomic
def _store_chunk(upload: Upload, batch: Batch, faults: tuple[Fault, ...], streams: StreamTable) -> None:
    stored = chunk_store(batch, streams).stored
    with connection.cursor() as cursor:
        faults_keep(cursor.cursor, faults, domain=upload.domain, door="upload", upload=upload.pk)
    upload.rows += len(batch) + len(faults)
    upload.stored += stored
    upload.repeated += len(batch) - stored
    upload.quarantined += len(faults)
    upload.save(update_fields=["rows", "stored", "repeated", "quarantined"])
