"""What keeps the chain over the access log growing."""

from __future__ import annotations

from celery import shared_task

from apps.audit.services import entries_seal


@shared_task
def entries_seal_task() -> None:
    """Seal what has been committed since the last pass."""
    entries_seal()
