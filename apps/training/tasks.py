"""Work of the learning app (queues ``train``, ``infer``); only workers import this file, it loads torch."""

from __future__ import annotations

from datetime import datetime

import structlog
from celery import shared_task

from apps.core.jobs import WAITS_FOR_JOB
from apps.training.models import Run
from apps.training.services.forecasting import forecasts_issue
from apps.training.services.keeping import forecasts_ahead, forecasts_prune
from apps.training.services.overtaking import forecasts_overtake
from apps.training.services.settling import forecasts_settle
from apps.training.services.training import run_train

log = structlog.get_logger("training")


@shared_task(**WAITS_FOR_JOB)
def run_train_task(run_id: int) -> None:
    """Train one run."""
    run_train(Run.objects.select_related("job").get(pk=run_id))


@shared_task
def forecasts_issue_task() -> None:
    """Forecast with every promoted model."""
    log.info("forecasts_issued", count=forecasts_issue())


@shared_task
def forecasts_settle_task() -> None:
    """Write what came true beside what was foretold, make the months ahead, and drop what is old."""
    forecasts_ahead()
    log.info("forecasts_settled", count=forecasts_settle(), months_dropped=forecasts_prune())


@shared_task
def forecasts_overtake_task(datastream_ids: list[int], start: str, end: str) -> None:
    """Mark what was foretold from readings that have been corrected; the times are ISO 8601."""
    begin, until = datetime.fromisoformat(start), datetime.fromisoformat(end)
    log.info("forecasts_overtaken", count=forecasts_overtake(datastream_ids, start=begin, end=until))
