"""A confirmed upload is imported by a worker."""

from __future__ import annotations

from django.dispatch import receiver

from apps.sensing.signals import upload_confirmed
from apps.sensing.tasks import upload_import_task


@receiver(upload_confirmed, dispatch_uid="sensing.import_upload")
def import_upload(upload_id: int, **_: object) -> None:
    """Queue the import."""
    upload_import_task.delay(upload_id)
