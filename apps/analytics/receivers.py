"""A queued analysis is answered by a worker."""

from __future__ import annotations

from django.dispatch import receiver

from apps.analytics.selectors import analysis_get
from apps.analytics.signals import analysis_queued
from apps.core.jobs import job_send

ANSWER = "apps.analytics.tasks.analysis_answer_task"  # by name: the web process need not load the engines


@receiver(analysis_queued, dispatch_uid="analytics.answer_analysis")
def answer_analysis(analysis_id: int, **_: object) -> None:
    """Queue the computation."""
    job = analysis_get(analysis_id).job
    if job is not None:
        job_send(job.pk, ANSWER, analysis_id)
