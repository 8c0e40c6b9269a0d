"""Answering a question: read the lake on the engine of this installation, keep the answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from apps.analytics.data import Question
from apps.analytics.engines import Engine, engine_open
from apps.analytics.expressions import observations_wanted
from apps.analytics.models import Analysis
from apps.analytics.services.answers import ANSWERS, Asked
from apps.analytics.services.asking import question_of
from apps.archive.selectors import lake_paths
from apps.core.errors import ProblemError
from apps.core.jobs import job_running
from apps.core.sentences import sentence as _


def analysis_answer(analysis: Analysis) -> None:
    """Compute and keep the answer; what cannot be answered fails the job with the reason.

    Raises JobBusyError when another worker is at it.
    """
    if analysis.job is None:
        return
    with job_running(analysis.job.pk, stage="compute") as job:
        if job is None:
            return
        analysis.result, analysis.rows, analysis.engine = question_answer(question_of(analysis))
        analysis.save(update_fields=["result", "rows", "engine"])
        job.result_url = f"/portal/analytics/analysis/{analysis.pk}/change/"


def question_answer(question: Question) -> tuple[dict[str, Any], int, str]:
    """The answer, how many observations it rests on, and the engine; ProblemError says why there is none."""
    paths = lake_paths(question.domain, question.start, question.end)
    if not paths:
        raise ProblemError(_("The lake holds no day of this period yet; ask for an earlier one."), "start")
    engine = engine_open(
        settings.ANALYTICS_ENGINE, threads=settings.ANALYTICS_THREADS, memory=settings.ANALYTICS_MEMORY
    )
    try:
        return _answer(question, engine, paths)
    finally:
        engine.close()


def _answer(question: Question, engine: Engine, paths: list[str]) -> tuple[dict[str, Any], int, str]:
    table = engine.parquet(paths)
    wanted = observations_wanted(table, streams=question.streams, start=question.start, end=question.end)
    rows = int(engine.fetch(wanted.aggregate(rows=wanted.count()))["rows"][0].as_py())
    if not rows:
        raise ProblemError(_("These datastreams have no readings in this period."), "streams")
    try:
        return ANSWERS[question.kind](Asked(question, engine, wanted)), rows, engine.name
    except ValueError as error:
        raise ProblemError(
            _("There are too few readings, or they do not vary, for this question."), "streams"
        ) from error
