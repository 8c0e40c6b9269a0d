"""Background work of analytics; only workers import this file, it loads the engines."""

from __future__ import annotations

from celery import shared_task

from apps.analytics.selectors import analysis_get
from apps.analytics.services.answering import analysis_answer
from apps.core.jobs import WAITS_FOR_JOB


@shared_task(**WAITS_FOR_JOB)
def analysis_answer_task(analysis_id: int) -> None:
    """Answer one question; asking again after a lost worker gives the same answer."""
    analysis_answer(analysis_get(analysis_id))
