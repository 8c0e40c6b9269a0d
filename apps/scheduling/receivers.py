"""A queued plan is solved by a worker; one whose ground has changed is marked."""

from __future__ import annotations

from datetime import datetime

from django.dispatch import receiver

from apps.core.jobs import job_send
from apps.scheduling.selectors import plan_get
from apps.scheduling.services.staleness import plans_of_objects_mark, plans_of_readings_mark
from apps.scheduling.signals import plan_queued
from apps.sensing.signals import readings_corrected
from apps.subjects.signals import subject_changed

SOLVE = "apps.scheduling.tasks.plan_solve_task"  # by name: the web process need not load the solver


@receiver(plan_queued, dispatch_uid="scheduling.solve_plan")
def solve_plan(plan_id: int, **_: object) -> None:
    """Queue the search."""
    job = plan_get(plan_id).job
    if job is not None:
        job_send(job.pk, SOLVE, plan_id)


@receiver(readings_corrected, dispatch_uid="scheduling.mark_plans_of_readings")
def mark_plans_of_readings(datastream_ids: list[int], start: datetime, end: datetime, **_: object) -> None:
    """Mark the plans that were built on corrected readings."""
    plans_of_readings_mark(datastream_ids, start=start, end=end)


@receiver(subject_changed, dispatch_uid="scheduling.mark_plans_of_objects")
def mark_plans_of_objects(rows: list[tuple[str, str]], **_: object) -> None:
    """Mark the plans that were built on records that were corrected or erased for a person."""
    plans_of_objects_mark(rows)
