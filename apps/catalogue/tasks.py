"""Clocks looked at every minute, notices pushed as they come."""

from __future__ import annotations

from celery import shared_task

from apps.catalogue.services.notices import notices_deliver
from apps.catalogue.services.tending import requests_tend


@shared_task
def requests_tend_task() -> dict[str, int]:
    """Expire, remind, escalate."""
    return requests_tend()


@shared_task
def notices_deliver_task() -> int:
    """Push what is due to programs."""
    return notices_deliver()
