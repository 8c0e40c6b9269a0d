"""Queued notifications are sent at once; the clock sends what is left, should the broker be down."""

from __future__ import annotations

import structlog
from django.dispatch import receiver
from kombu.exceptions import OperationalError

from apps.alerts.signals import notifications_queued
from apps.alerts.tasks import notifications_deliver_task, reveal_tell_task
from apps.privacy.signals import field_revealed

log = structlog.get_logger("alerts")


@receiver(notifications_queued, dispatch_uid="alerts.deliver")
def deliver(channels: set[str], **_: object) -> None:
    """Queue one round for each channel."""
    for channel in sorted(channels):
        try:
            notifications_deliver_task.delay(channel)
        except OperationalError:
            log.warning("notifications_wait", channel=channel)


@receiver(field_revealed, dispatch_uid="alerts.tell_reveal")
def tell_reveal(pk: int, **_: object) -> None:
    """Queue the mails to the approvers; without a broker the page of reveals still shows it as not noted."""
    try:
        reveal_tell_task.delay(pk)
    except OperationalError:
        log.warning("reveal_mail_lost", reveal=pk)
