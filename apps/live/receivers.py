"""News of jobs and alarms goes to every web process."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from apps.alerts.signals import alarms_changed
from apps.core.signals import job_changed
from apps.live.services import alarms_announce, job_announce


@receiver(job_changed, dispatch_uid="live.announce_job")
def announce_job(body: dict[str, Any], **_: object) -> None:
    """Publish the job as it stands."""
    job_announce(body)


@receiver(alarms_changed, dispatch_uid="live.announce_alarms")
def announce_alarms(bodies: list[dict[str, Any]], **_: object) -> None:
    """Publish the alarms as they stand."""
    alarms_announce(bodies)
