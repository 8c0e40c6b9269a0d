"""Background work of sensing: partitions, roll-ups, uploads."""

from __future__ import annotations

from celery import shared_task

from apps.sensing.services.partitions import partitions_ahead
from apps.sensing.services.rollups import rollups_refresh


@shared_task
def partitions_ahead_task() -> None:
    """Keep two months of partitions ahead."""
    partitions_ahead()


@shared_task
def rollups_refresh_task() -> None:
    """Bring the roll-ups up to date."""
    rollups_refresh()
