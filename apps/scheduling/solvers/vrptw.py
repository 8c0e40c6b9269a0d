"""Solving with PyVRP (Wouda, Lan and Kool, 2024), watched and stoppable."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyvrp
import pyvrp.exceptions

from apps.scheduling.solvers.bounds import EXACT_SITES, bound_assignment, bound_exact
from apps.scheduling.solvers.columns import bound_columns
from apps.scheduling.solvers.problem import Route, Status, Unserved, VrptwProblem, VrptwSolution
from apps.scheduling.solvers.schedule import route_timed, solution_cost

TELL_EVERY = 0.5  # seconds between two reports
BOUND_SHARE, BOUND_SECONDS = 0.3, 15.0  # of the time goes to the bound, but never more than these seconds
NO_COST = 1 << 50  # PyVRP's cost of an infeasible plan is above this


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: best cost so far (None before the first feasible one), bound, seconds."""

    cost: int | None
    bound: int
    elapsed: float
    left: float
    iterations: int

    @property
    def gap(self) -> float | None:
        """As in ``VrptwSolution``, or None while there is no cost."""
        return (self.cost - self.bound) / self.cost if self.cost else None


Watcher = Callable[[Progress], str]  # returns the wish: "", "take" or "cancel"


@dataclass
class _Watch:
    """Stops at the time limit, at a wish, or at a proven optimum; tells the watcher how it goes."""

    limit: float
    watcher: Watcher
    bound: int = 0
    started: float = field(default_factory=time.monotonic)
    told: float = 0.0
    iterations: int = 0
    wish: str = ""

    def __call__(self, best_cost: int) -> bool:
        self.iterations += 1
        self.tell(best_cost if best_cost < NO_COST else None)
        return bool(self.wish) or self.elapsed >= self.limit or best_cost <= self.bound

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def tell(self, cost: int | None) -> None:
        """Report now and then; there is nothing to take before the first cost."""
        if time.monotonic() - self.told >= TELL_EVERY:
            self.told = time.monotonic()
            left = max(self.limit - self.elapsed, 0.0)
            wish = self.watcher(Progress(cost, self.bound, self.elapsed, left, self.iterations))
            self.wish = "" if wish == "take" and cost is None else wish

    def proves(self, bound: int) -> bool:
        """Keep a better bound; false when it is time to search."""
        self.bound = max(self.bound, bound)
        self.tell(None)
        return not self.wish and self.elapsed < min(self.limit * BOUND_SHARE, BOUND_SECONDS)


def _silent(_progress: Progress) -> str:
    return ""


def solve(
    problem: VrptwProblem, *, seconds: float, watcher: Watcher = _silent, seed: int = 1
) -> VrptwSolution | None:
    """The best plan found in ``seconds``; None when the watcher wished to cancel.

    Compulsory sites without room are left out too and named: an answer with a hole helps a planner more
    than no answer.
    """
    watch = _Watch(seconds, watcher)
    _bound(problem, watch)
    best = _searched(problem, watch, seed) if watch.wish != "cancel" else None
    if best is None or watch.wish == "cancel":
        return None
    return _solution(problem, best, watch.bound, taken=watch.wish == "take")


def _searched(problem: VrptwProblem, watch: _Watch, seed: int) -> pyvrp.Solution:
    with warnings.catch_warnings():
        # Narrow windows may keep the search outside them for long; what it finds is checked below.
        warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
        return pyvrp.solve(_data(problem), stop=watch, seed=seed, collect_stats=False, display=False).best


def _bound(problem: VrptwProblem, watch: _Watch) -> None:
    """Prove what can be proven in a part of the time: everything for a small problem."""
    if len(problem.sites) <= EXACT_SITES:
        watch.bound = bound_exact(problem)
        return
    watch.bound = bound_assignment(problem)
    watch.bound = max(watch.bound, bound_columns(problem, go_on=watch.proves))


def _data(problem: VrptwProblem) -> pyvrp.ProblemData:
    clients = [
        pyvrp.Client(
            location=index + 1,
            delivery=[site.demand],
            service_duration=site.service,
            tw_early=site.earliest,
            tw_late=site.latest,
            prize=prize,
            required=False,
        )
        for index, (site, prize) in enumerate(zip(problem.sites, problem.prizes, strict=True))
    ]
    vehicles = [
        pyvrp.VehicleType(1, [item.capacity], tw_early=item.starts, tw_late=item.ends, name=item.name)
        for item in problem.vehicles
    ]
    locations = [pyvrp.Location(0, 0) for _ in range(len(problem.sites) + 1)]
    matrices: Any = ([problem.costs], [problem.durations])  # the stubs know one-dimensional arrays only
    return pyvrp.ProblemData(locations, clients, [pyvrp.Depot(0)], vehicles, *matrices)


def _solution(problem: VrptwProblem, best: pyvrp.Solution, bound: int, *, taken: bool) -> VrptwSolution:
    orders = [
        (route.vehicle_type(), [item.idx for item in route.schedule() if item.is_client()])
        for route in best.routes()
    ]
    routes = tuple(
        route_timed(problem, vehicle, _feasible(problem, vehicle, order)) for vehicle, order in orders
    )
    visited = {stop.site for route in routes for stop in route.stops}
    unserved = tuple(
        (index, unserved_reason(problem, index))
        for index in range(len(problem.sites))
        if index not in visited
    )
    cost = solution_cost(problem, routes)
    missed = sum(problem.prizes[index] for index, _why in unserved if problem.sites[index].prize is None)
    status = Status.OPTIMAL if cost + missed <= bound else Status.TAKEN if taken else Status.TIME_LIMIT
    return VrptwSolution(routes, unserved, cost, min(max(bound - missed, 0), cost), status)


def _feasible(problem: VrptwProblem, vehicle: int, order: list[int]) -> list[int]:
    """``order`` without the stops that would be late: an infeasible search result loses stops, not truth."""
    kept: list[int] = []
    limit = problem.vehicles[vehicle]
    for index in order:
        timed = route_timed(problem, vehicle, [*kept, index])
        on_time = timed.stops[-1].departure - problem.sites[index].service <= problem.sites[index].latest
        load = sum(problem.sites[i].demand for i in (*kept, index))
        if on_time and timed.returns <= limit.ends and load <= limit.capacity:
            kept.append(index)
    return kept


def unserved_reason(problem: VrptwProblem, index: int) -> Unserved:
    """Why a site is left out: it cannot be served at all, or there was no room."""
    site = problem.sites[index]
    if all(site.demand > vehicle.capacity for vehicle in problem.vehicles):
        return Unserved.CAPACITY
    alone: list[Route] = [route_timed(problem, vehicle, [index]) for vehicle in range(len(problem.vehicles))]
    reachable = any(
        route.stops[0].arrival <= site.latest and route.returns <= problem.vehicles[route.vehicle].ends
        for route in alone
    )
    return Unserved.ROOM if reachable else Unserved.WINDOW
