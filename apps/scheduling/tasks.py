"""Background work of planning."""

from __future__ import annotations

from celery import shared_task

from apps.scheduling.selectors import plan_get
from apps.scheduling.services.solving import plan_solve


@shared_task
def plan_solve_task(plan_id: int) -> None:
    """Solve one plan."""
    plan_solve(plan_get(plan_id))
