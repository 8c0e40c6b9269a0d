"""Background work of pulls."""

from __future__ import annotations

from celery import shared_task

from apps.pulls.selectors import source_get
from apps.pulls.services import source_pull, sources_due


@shared_task
def sources_due_task() -> None:
    """Queue every source whose turn it is."""
    for source_id in sources_due():
        source_pull_task.delay(source_id)


@shared_task
def source_pull_task(source_id: int) -> None:
    """Ask one source."""
    source_pull(source_get(source_id))
