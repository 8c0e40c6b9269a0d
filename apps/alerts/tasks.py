"""Background work of alerts: looking and telling."""

from __future__ import annotations

from smtplib import SMTPException

from celery import shared_task

from apps.alerts.services import notifications_deliver, reveal_tell, rules_evaluate

MOST_RETRIES = 10  # with the waits doubled each time, more than a day


@shared_task
def rules_evaluate_task() -> None:
    """Look at what has changed since the last look."""
    rules_evaluate()


@shared_task
def notifications_deliver_task(channel: str) -> None:
    """Send what is due by one channel."""
    notifications_deliver(channel=channel)


@shared_task(
    autoretry_for=(SMTPException, OSError),
    max_retries=MOST_RETRIES,
    retry_backoff=60,
    retry_backoff_max=6 * 3600,
)
def reveal_tell_task(reveal_id: int) -> None:
    """Tell the approvers of a domain of a reveal."""
    reveal_tell(reveal_id)
