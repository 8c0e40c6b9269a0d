"""Hands runs to the workers, by the name of the task: the web process never loads torch."""

from __future__ import annotations

from celery import current_app
from django.dispatch import receiver

from apps.training.signals import run_queued

RUN_TRAIN = "apps.training.tasks.run_train_task"


@receiver(run_queued, dispatch_uid="training.queue_run")
def queue_run(run_id: int, **_: object) -> None:
    """Hand a new or a resumed run to the GPU queue."""
    current_app.send_task(RUN_TRAIN, args=[run_id])
