"""Before the nightly backup, the journal learns every deletion that a crash has kept from it."""

from __future__ import annotations

from celery import shared_task

from apps.subjects.services import journal_sync


@shared_task
def journal_sync_task() -> None:
    """Append what is missing; usually nothing."""
    journal_sync()
