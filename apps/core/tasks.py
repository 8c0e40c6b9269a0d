"""Jobs whose tasks are gone."""

from __future__ import annotations

from celery import shared_task

from apps.core.jobs import jobs_reap


@shared_task
def jobs_reap_task() -> None:
    """End the jobs that nobody works on any more."""
    jobs_reap()
