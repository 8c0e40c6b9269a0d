"""Job news goes to every web process."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from apps.core.signals import job_changed
from apps.live.services import job_announce


@receiver(job_changed, dispatch_uid="live.announce_job")
def announce_job(body: dict[str, Any], **_: object) -> None:
    """Publish the job as it stands."""
    job_announce(body)
