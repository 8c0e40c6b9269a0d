"""What keeps the chain over the access log growing."""

from __future__ import annotations

from celery import shared_task

from apps.audit.services import access_log_verify, anchor_make, entries_seal


@shared_task
def entries_seal_task() -> None:
    """Seal what has been committed since the last pass."""
    entries_seal()


@shared_task
def anchor_task() -> None:
    """Anchor the end of the chain, in the database and outside of it."""
    anchor_make()


@shared_task
def access_log_verify_task() -> None:
    """Prove once a day that nobody has touched the log; the result is on its page."""
    access_log_verify()
