"""Background work of alerts: looking and telling."""

from __future__ import annotations

from smtplib import SMTPException

from celery import shared_task

from apps.alerts.services import notifications_deliver, reveal_tell, rules_evaluate
from apps.core.jobs import WAITS_FOR_JOB

MOST_RETRIES = 30  # ten minutes; the page of reveals tells the approvers all the same


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
    # Shorter than the time after which the broker hands a waiting task out a second time.
    default_retry_delay=WAITS_FOR_JOB["default_retry_delay"],
)
def reveal_tell_task(reveal_id: int) -> None:
    """Tell the approvers of a domain of a reveal."""
    reveal_tell(reveal_id)
