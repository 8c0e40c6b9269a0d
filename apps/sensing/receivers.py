"""A confirmed upload is imported by a worker."""

from __future__ import annotations

from django.dispatch import receiver

from apps.core.jobs import job_send
from apps.sensing.selectors import upload_get
from apps.sensing.signals import upload_confirmed

IMPORT = "apps.sensing.tasks.upload_import_task"


@receiver(upload_confirmed, dispatch_uid="sensing.import_upload")
def import_upload(upload_id: int, **_: object) -> None:
    """Queue the import."""
    job = upload_get(upload_id).job
    if job is not None:
        job_send(job.pk, IMPORT, upload_id)
