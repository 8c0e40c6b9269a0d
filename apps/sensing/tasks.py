"""Background work of sensing: partitions, roll-ups, uploads."""

from __future__ import annotations

from celery import shared_task

from apps.core.jobs import WAITS_FOR_JOB
from apps.sensing.selectors import upload_get
from apps.sensing.services.partitions import partitions_ahead
from apps.sensing.services.rollups import rollups_refresh
from apps.sensing.services.uploads import upload_import


@shared_task
def partitions_ahead_task() -> None:
    """Keep two months of partitions ahead."""
    partitions_ahead()


@shared_task
def rollups_refresh_task() -> None:
    """Bring the roll-ups up to date."""
    rollups_refresh()


@shared_task(**WAITS_FOR_JOB)
def upload_import_task(upload_id: int) -> None:
    """Import one uploaded file."""
    upload_import(upload_get(upload_id))
