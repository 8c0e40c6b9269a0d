"""A queued analysis is answered by a worker."""

from __future__ import annotations

from celery import current_app
from django.dispatch import receiver

from apps.analytics.signals import analysis_queued

ANSWER = "apps.analytics.tasks.analysis_answer_task"  # by name: the web process need not load the engines


@receiver(analysis_queued, dispatch_uid="analytics.answer_analysis")
def answer_analysis(analysis_id: int, **_: object) -> None:
    """Queue the computation."""
    current_app.send_task(ANSWER, args=[analysis_id])
