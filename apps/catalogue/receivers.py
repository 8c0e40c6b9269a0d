"""Notices go out as soon as they are written."""

from __future__ import annotations

from django.dispatch import receiver

from apps.catalogue.signals import notices_queued
from apps.catalogue.tasks import notices_deliver_task


@receiver(notices_queued, dispatch_uid="catalogue.deliver_notices")
def deliver_notices(**_: object) -> None:
    """Hand the outbox to a worker."""
    notices_deliver_task.delay()
