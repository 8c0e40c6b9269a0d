"""Hands work to the workers, by the name of the task: the web process never loads torch."""

from __future__ import annotations

from datetime import datetime

from celery import current_app
from django.dispatch import receiver

from apps.core.jobs import job_send
from apps.sensing.signals import readings_corrected
from apps.training.models import Run
from apps.training.signals import model_promoted, run_queued

RUN_TRAIN = "apps.training.tasks.run_train_task"
FORECASTS_ISSUE = "apps.training.tasks.forecasts_issue_task"
FORECASTS_OVERTAKE = "apps.training.tasks.forecasts_overtake_task"


@receiver(run_queued, dispatch_uid="training.queue_run")
def queue_run(run_id: int, **_: object) -> None:
    """Hand a new or a resumed run to its queue."""
    job_send(Run.objects.get(pk=run_id).job_id, RUN_TRAIN, run_id)


@receiver(model_promoted, dispatch_uid="training.forecast_at_once")
def forecast_at_once(**_: object) -> None:
    """Have a version forecast as soon as it is promoted."""
    current_app.send_task(FORECASTS_ISSUE)


@receiver(readings_corrected, dispatch_uid="training.overtake_forecasts")
def overtake_forecasts(datastream_ids: list[int], start: datetime, end: datetime, **_: object) -> None:
    """Have the forecasts that were made from corrected readings marked."""
    current_app.send_task(FORECASTS_OVERTAKE, args=[datastream_ids, start.isoformat(), end.isoformat()])
