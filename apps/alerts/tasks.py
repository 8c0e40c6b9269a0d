"""Background work of alerts: looking and telling."""

from __future__ import annotations

from celery import shared_task

from apps.alerts.services import notifications_deliver, rules_evaluate


@shared_task
def rules_evaluate_task() -> None:
    """Look at what has changed since the last look."""
    rules_evaluate()


@shared_task
def notifications_deliver_task(channel: str) -> None:
    """Send what is due by one channel."""
    notifications_deliver(channel=channel)
