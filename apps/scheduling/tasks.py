"""Background work of planning; only workers import this file, it loads the solver."""

from __future__ import annotations

from celery import Task, shared_task

from apps.scheduling.selectors import plan_get
from apps.scheduling.services.solving import PlanBusyError, plan_solve

RETRY_SECONDS = 20


@shared_task(bind=True, max_retries=None)
def plan_solve_task(self: Task[..., None], plan_id: int) -> None:
    """Solve one plan.

    The broker delivers again while a long search still runs, so that a killed worker loses nothing. The
    second delivery waits for the lock of the first.
    """
    try:
        plan_solve(plan_get(plan_id))
    except PlanBusyError as busy:
        raise self.retry(countdown=RETRY_SECONDS) from busy
