"""A queued plan is solved by a worker."""

from __future__ import annotations

from django.dispatch import receiver

from apps.core.jobs import job_send
from apps.scheduling.selectors import plan_get
from apps.scheduling.signals import plan_queued

SOLVE = "apps.scheduling.tasks.plan_solve_task"  # by name: the web process need not load the solver


@receiver(plan_queued, dispatch_uid="scheduling.solve_plan")
def solve_plan(plan_id: int, **_: object) -> None:
    """Queue the search."""
    job = plan_get(plan_id).job
    if job is not None:
        job_send(job.pk, SOLVE, plan_id)
