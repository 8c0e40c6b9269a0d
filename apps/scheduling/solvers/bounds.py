"""Lower bounds: what no plan can beat."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from apps.scheduling.solvers.problem import Matrix, VrptwProblem
from apps.scheduling.solvers.schedule import route_cost, route_timed

EXACT_SITES = 8
NEVER = 1 << 40


def bound_assignment(problem: VrptwProblem) -> int:
    """The assignment relaxation (Toth and Vigo 2014, ch. 2): each site has one successor, subtours allowed.

    Arcs that no vehicle could drive within the windows are left out; a site left out is its own
    successor at the price of its prize; each vehicle adds one copy of the depot. Valid because every plan is
    such an assignment at the same cost.
    """
    sites, copies = len(problem.sites), len(problem.vehicles)
    if not sites:
        return 0
    arcs = np.where(_drivable(problem), problem.costs, NEVER)
    size = sites + copies
    table = np.zeros(
        (size, size), dtype=np.int64
    )  # depot copy to depot copy: an unused vehicle costs nothing
    table[:sites, :sites] = arcs[1:, 1:]
    table[:sites, sites:] = arcs[1:, :1]
    table[sites:, :sites] = arcs[:1, 1:]
    table[np.diag_indices(sites)] = problem.prizes
    rows, columns = linear_sum_assignment(table)
    return int(table[rows, columns].sum())


def _drivable(problem: VrptwProblem) -> Matrix:
    """(n + 1, n + 1) true where b can follow a within both windows, leaving the earliest shift."""
    starts = min((vehicle.starts for vehicle in problem.vehicles), default=0)
    earliest = np.array([starts, *(site.earliest + site.service for site in problem.sites)])
    ready = np.maximum(earliest, np.array([starts, *_arrivals(problem, starts)]))
    ends = max((vehicle.ends for vehicle in problem.vehicles), default=0)
    latest = np.array([ends, *(site.latest for site in problem.sites)])
    possible: Matrix = (ready[:, None] + problem.durations <= latest[None, :]).astype(np.int64)
    return possible


def _arrivals(problem: VrptwProblem, starts: int) -> list[int]:
    """The earliest end of service of each site when a vehicle drives straight to it."""
    return [
        max(starts + int(problem.durations[0, index + 1]), site.earliest) + site.service
        for index, site in enumerate(problem.sites)
    ]


def bound_exact(problem: VrptwProblem) -> int:
    """The least cost of a problem of at most ``EXACT_SITES`` sites, by dynamic programming over subsets."""
    prizes, best = problem.prizes, {0: 0}
    routes: dict[tuple[int, int, int], dict[int, int]] = {}
    for number, vehicle in enumerate(problem.vehicles):
        kind = (vehicle.capacity, vehicle.starts, vehicle.ends)
        routes[kind] = routes.get(kind) or _routes(problem, number)
        best = _extended(best, routes[kind])
    return min(
        cost + sum(prize for i, prize in enumerate(prizes) if not subset >> i & 1)
        for subset, cost in best.items()
    )


def _extended(best: dict[int, int], routes: dict[int, int]) -> dict[int, int]:
    """For each set of sites the least cost with one more vehicle."""
    merged = dict(best)
    for done, cost in best.items():
        for subset, more in routes.items():
            if not done & subset:
                merged[done | subset] = min(merged.get(done | subset, NEVER), cost + more)
    return merged


def _routes(problem: VrptwProblem, vehicle: int) -> dict[int, int]:
    """Least cost of one feasible route for each subset of sites; depth first, cut at the first late stop."""
    found: dict[int, int] = {}
    stack: list[tuple[int, ...]] = [()]
    limit = problem.vehicles[vehicle]
    while stack:
        order = stack.pop()
        for index in range(len(problem.sites)):
            if index in order:
                continue
            longer = (*order, index)
            timed, site = route_timed(problem, vehicle, longer), problem.sites[index]
            load = sum(problem.sites[i].demand for i in longer)
            if load > limit.capacity or timed.stops[-1].departure - site.service > site.latest:
                continue
            stack.append(longer)
            if timed.returns <= limit.ends:
                subset = sum(1 << i for i in longer)
                found[subset] = min(found.get(subset, NEVER), route_cost(problem, longer))
    return found
