"""A queued plan is solved by a worker."""

from __future__ import annotations

from celery import current_app
from django.dispatch import receiver

from apps.scheduling.signals import plan_queued

SOLVE = "apps.scheduling.tasks.plan_solve_task"  # by name: the web process need not load the solver


@receiver(plan_queued, dispatch_uid="scheduling.solve_plan")
def solve_plan(plan_id: int, **_: object) -> None:
    """Queue the search."""
    current_app.send_task(SOLVE, args=[plan_id])
