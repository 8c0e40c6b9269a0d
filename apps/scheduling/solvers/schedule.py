"""Times along a route, and the independent check of a whole answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.scheduling.solvers.problem import Route, Stop, VrptwProblem, VrptwSolution


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an answer breaks: which rule, at which site or vehicle, by how much."""

    rule: str
    where: str
    amount: int = 0


def route_timed(problem: VrptwProblem, vehicle: int, order: Sequence[int]) -> Route:
    """The route that visits ``order`` as early as possible; windows are not checked here."""
    clock, here, stops = problem.vehicles[vehicle].starts, 0, []
    for index in order:
        site = problem.sites[index]
        arrival = clock + int(problem.durations[here, index + 1])
        begins = max(arrival, site.earliest)
        clock, here = begins + site.service, index + 1
        stops.append(Stop(index, arrival, begins - arrival, clock))
    return Route(
        vehicle, tuple(stops), problem.vehicles[vehicle].starts, clock + int(problem.durations[here, 0])
    )


def route_cost(problem: VrptwProblem, order: Sequence[int]) -> int:
    """The sum of the arc costs from the depot through ``order`` and back."""
    nodes = [0, *(index + 1 for index in order), 0]
    return sum(int(problem.costs[a, b]) for a, b in pairwise(nodes)) if order else 0


def solution_cost(problem: VrptwProblem, routes: Sequence[Route]) -> int:
    """Arc costs of the routes and the prizes of the sites that no route visits."""
    visited = {stop.site for route in routes for stop in route.stops}
    arcs = sum(route_cost(problem, [stop.site for stop in route.stops]) for route in routes)
    return arcs + sum(site.prize or 0 for index, site in enumerate(problem.sites) if index not in visited)


def verify(problem: VrptwProblem, solution: VrptwSolution) -> list[Violation]:
    """Every rule that ``solution`` breaks; computed from the problem alone, not from the solver's words."""
    return [
        *_visits(problem, solution),
        *(found for route in solution.routes for found in _route(problem, route)),
        *_cost(problem, solution),
    ]


def _visits(problem: VrptwProblem, solution: VrptwSolution) -> Iterator[Violation]:
    left_out = {index for index, _reason in solution.unserved}
    visits = Counter(stop.site for route in solution.routes for stop in route.stops)
    for index, site in enumerate(problem.sites):
        if visits[index] > 1:
            yield Violation("visited once", site.key, visits[index])
        if (visits[index] == 0) != (index in left_out):
            yield Violation("visited or named as left out", site.key)
    used = Counter(route.vehicle for route in solution.routes)
    yield from (
        Violation("one route a vehicle", problem.vehicles[v].name, n) for v, n in used.items() if n > 1
    )


def _route(problem: VrptwProblem, route: Route) -> Iterator[Violation]:
    vehicle, timed = (
        problem.vehicles[route.vehicle],
        route_timed(problem, route.vehicle, [stop.site for stop in route.stops]),
    )
    load = sum(problem.sites[stop.site].demand for stop in route.stops)
    if load > vehicle.capacity:
        yield Violation("capacity", vehicle.name, load - vehicle.capacity)
    if timed.returns > vehicle.ends:
        yield Violation("shift", vehicle.name, timed.returns - vehicle.ends)
    for stop in timed.stops:
        late = stop.arrival + stop.wait - problem.sites[stop.site].latest
        if late > 0:
            yield Violation("window", problem.sites[stop.site].key, late)
    if timed.stops != route.stops:
        yield Violation("times", vehicle.name)


def _cost(problem: VrptwProblem, solution: VrptwSolution) -> Iterator[Violation]:
    true_cost = solution_cost(problem, solution.routes)
    if true_cost != solution.cost:
        yield Violation("cost", "plan", true_cost - solution.cost)
    if solution.bound > true_cost:
        yield Violation("bound", "plan", solution.bound - true_cost)
