"""Background work of planning; only workers import this file, it loads the solver."""

from __future__ import annotations

from celery import shared_task

from apps.core.jobs import WAITS_FOR_JOB
from apps.scheduling.selectors import plan_get
from apps.scheduling.services.solving import plan_solve


@shared_task(**WAITS_FOR_JOB)
def plan_solve_task(plan_id: int) -> None:
    """Solve one plan."""
    plan_solve(plan_get(plan_id))
