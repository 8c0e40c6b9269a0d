"""Solving a plan in a worker: build, search, check, keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import LineString
from django.db import transaction
from django.utils.module_loading import import_string

from apps.accounts.data import NOBODY, Viewer
from apps.accounts.selectors import viewer_for
from apps.core.domains import problems_by_id
from apps.core.errors import ProblemError
from apps.core.jobs import JobCancelledError, job_progress, job_running
from apps.core.models import Job
from apps.core.sentences import sentence as _
from apps.privacy.services import line_masked
from apps.scheduling.data import BuiltProblem
from apps.scheduling.models import Plan, PlanRoute, PlanState, PlanStop
from apps.scheduling.services.plans import viewer_within
from apps.scheduling.services.staleness import plan_ground_set
from apps.scheduling.solvers.problem import Route, VrptwSolution
from apps.scheduling.solvers.schedule import verify
from apps.scheduling.solvers.vrptw import Progress, solve

DEFAULT_SECONDS = 30.0
WITHIN = 0.02  # a plan this close to the bound is called "within 2 %"


def plan_solve(plan: Plan) -> None:
    """Solve a queued plan, with live progress; starts afresh when a worker was lost.

    Raises JobBusyError when another worker holds the plan's job. Every other error ends the job as failed.
    """
    if plan.job is None:
        return
    with job_running(plan.job.pk, stage="build", total=100) as job:
        if job is not None:
            plan.refresh_from_db()
            _solve(plan, job)


def _solve(plan: Plan, job: Job) -> None:
    seconds = plan.parameters.get("time_limit", DEFAULT_SECONDS)
    built = problem_build(plan)
    plan_ground_set(plan, built)
    solution = solve(built.problem, seconds=seconds, watcher=_watcher(job.pk, seconds))
    if solution is None:
        raise JobCancelledError
    plan_keep(plan, built, solution)
    job.result_url = f"/portal/plans/{plan.pk}/"


def problem_build(plan: Plan) -> BuiltProblem:
    """The domain's problem for the plan's parameters, of rows that its maker may know of in its division."""
    _domain, declared = problems_by_id()[plan.problem]
    built: BuiltProblem = import_string(declared.build)(parameters=plan.parameters, viewer=_sight(plan))
    return built


def _sight(plan: Plan) -> Viewer:
    maker = viewer_for(plan.created_by) if plan.created_by else NOBODY
    return viewer_within(maker, plan.division)


def _watcher(job_id: UUID, seconds: float) -> Callable[[Progress], str]:
    curve: list[list[float]] = []

    def watch(seen: Progress) -> str:
        if seen.cost is not None:
            curve.append([round(seen.elapsed, 1), seen.cost])
        figures: dict[str, Any] = {
            "cost": seen.cost,
            "bound": seen.bound,
            "gap": seen.gap,
            "left": round(seen.left, 1),
            "iterations": seen.iterations,
            "curve": curve[-200:],
        }
        done = min(round(100 * seen.elapsed / seconds), 99)
        return job_progress(job_id, done=done, stage="search", figures=figures)

    return watch


@transaction.atomic
def plan_keep(plan: Plan, built: BuiltProblem, solution: VrptwSolution) -> Plan:
    """Check the answer independently and store it; ProblemError when a rule is broken."""
    broken = verify(built.problem, solution)
    if broken:
        raise ProblemError(_("The solver's answer breaks a rule: %(rule)s.") % {"rule": broken[0].rule})
    plan.routes.all().delete()
    for route in solution.routes:
        _keep_route(plan, built, route)
    plan.notes = dict(built.notes)
    plan.unserved = [
        {"label": built.objects[index].label, "id": built.objects[index].object_id, "reason": reason.value}
        for index, reason in solution.unserved
    ]
    plan.cost, plan.bound, plan.gap = solution.cost, solution.bound, solution.gap
    plan.status = status_word(solution)
    plan.state = PlanState.CHECKED
    plan.save(update_fields=["notes", "unserved", "cost", "bound", "gap", "status", "state"])
    return plan


def status_word(solution: VrptwSolution) -> str:
    """What is known about the answer: ``optimal``, ``within 2 %``, ``time limit`` or ``taken early``."""
    if solution.gap and solution.gap <= WITHIN:
        return "within 2 %"
    return solution.status.value


def _keep_route(plan: Plan, built: BuiltProblem, route: Route) -> None:
    places = [0, *(stop.site + 1 for stop in route.stops), 0]
    legs = list(pairwise(places))
    line = [point for start, end in legs for point in built.ways.path(start, end)] or [built.depot]
    points = line_masked(line, around=[item.protected for item in built.objects if item.protected])
    kept = PlanRoute.objects.create(
        plan=plan,
        vehicle=built.problem.vehicles[route.vehicle].name,
        distance=float(sum(int(built.ways.metres[leg]) for leg in legs)),
        duration=float(route.returns - route.leaves),
        load=float(sum(built.problem.sites[stop.site].demand for stop in route.stops)),
        geometry=LineString(points if len(points) > 1 else [points[0], points[0]], srid=4326),
    )
    PlanStop.objects.bulk_create(
        PlanStop(
            route=kept,
            sequence=number,
            object_type=built.objects[stop.site].object_type,
            object_id=built.objects[stop.site].object_id,
            label=built.objects[stop.site].label,
            arrival=built.zero + timedelta(seconds=stop.arrival),
            wait=stop.wait,
            departure=built.zero + timedelta(seconds=stop.departure),
        )
        for number, stop in enumerate(route.stops, start=1)
    )
