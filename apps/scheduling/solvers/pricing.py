"""The cheapest routes at given prices of the sites, where a route may come back to a site later.

Shortest paths over (time bucket, site) without cycles of two (Christofides, Mingozzi and Toth 1981). Times
are rounded down to buckets and loads are ignored, so every true route is among these routes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from apps.scheduling.solvers.problem import Matrix, VrptwProblem

Floats = NDArray[np.float64]
BUCKETS = 320  # of a shift; more of them round less


@dataclass(frozen=True, slots=True)
class Grid:
    """One kind of shift in buckets. Place n is the depot; arrays over arcs are (n + 1, n + 1)."""

    count: int  # vehicles with this shift
    buckets: int
    steps: Matrix  # (from, to) service and travel, in buckets
    opens: Matrix  # (n,) first bucket in which a visit may begin
    closes: Matrix  # (n,) last one from which the depot can still be reached in the shift
    costs: Matrix  # (from, to)


@dataclass(frozen=True, slots=True)
class PricedRoute:
    """A route with its true cost and its cost at the given prices."""

    sites: tuple[int, ...]
    cost: int
    reduced: float


@dataclass(frozen=True, slots=True)
class _Table:
    """The two cheapest ways to begin at each site by each bucket, with different sites before.

    Arrays (buckets, 2, n + 1); ``origin`` is the flat index of the state before, -1 at the depot.
    """

    cost: Floats
    before: Matrix
    origin: Matrix


def grids_of(problem: VrptwProblem) -> list[Grid]:
    """One grid for each kind of shift; none when two visits could fall into one moment."""
    order = [*range(1, len(problem.sites) + 1), 0]
    service = np.array([*(site.service for site in problem.sites), 0])
    travel = problem.durations[np.ix_(order, order)] + service[:, None]
    between = travel[:-1, :-1][~np.eye(len(problem.sites), dtype=bool)]
    least = int(between.min(initial=1 << 30))
    if least < 1:
        return []
    shifts = [(vehicle.starts, vehicle.ends) for vehicle in problem.vehicles]
    costs = problem.costs[np.ix_(order, order)]
    return [_grid(problem, shift, shifts.count(shift), travel, costs, least) for shift in sorted(set(shifts))]


def _grid(
    problem: VrptwProblem, shift: tuple[int, int], count: int, travel: Matrix, costs: Matrix, least: int
) -> Grid:
    starts, ends = shift
    width = max(min((ends - starts) // BUCKETS, least), 1)
    steps, last = travel // width, (ends - starts) // width
    opens = np.array([max(site.earliest - starts, 0) // width for site in problem.sites], dtype=np.int64)
    latest = np.array([(site.latest - starts) // width for site in problem.sites], dtype=np.int64)
    return Grid(count, last + 1, steps, opens, np.minimum(latest, last - steps[:-1, -1]), costs)


def routes_priced(grid: Grid, prices: Floats) -> list[PricedRoute]:
    """For each site the cheapest route that ends there, cheapest first."""
    sites = len(prices)
    table = _filled(grid, prices)
    found = []
    for last in range(sites):
        if grid.closes[last] >= grid.opens[last]:
            reduced = table.cost[-grid.buckets + grid.closes[last], 0, last] + grid.costs[last, sites]
            if np.isfinite(reduced):
                found.append(_route(grid, table, last, float(reduced)))
    return sorted(found, key=lambda route: route.reduced)


def _filled(grid: Grid, prices: Floats) -> _Table:
    sites, pad = len(prices), int(grid.steps.max()) + 1
    shape = (pad + grid.buckets, 2, sites + 1)
    table = _Table(np.full(shape, np.inf), np.full(shape, -1), np.full(shape, -1))
    table.cost[pad, 0, sites] = 0.0
    arcs = grid.costs[:, :sites] - prices
    np.fill_diagonal(arcs, np.inf)
    ways = np.full((3, 2, sites), -1.0)
    ways[0] = np.inf
    for bucket in range(pad, pad + grid.buckets):
        ways = _merged(ways, _arrivals(table, bucket - grid.steps[:, :sites], arcs))
        now = bucket - pad
        is_open = (grid.opens <= now) & (now <= grid.closes)
        table.cost[bucket, :, :sites] = np.where(is_open, ways[0], np.inf)
        table.before[bucket, :, :sites], table.origin[bucket, :, :sites] = ways[1], ways[2]
    return table


def _arrivals(table: _Table, when: Matrix, arcs: Floats) -> Floats:
    """(cost, site before, origin) x 2 x site: the two cheapest ways to arrive right now."""
    width = table.cost.shape[2]
    first = when * (2 * width) + np.arange(width)[:, None]
    turns_back = table.before.ravel()[first] == np.arange(width - 1)
    state = first + turns_back * width
    costs = table.cost.ravel()[state] + arcs
    columns, rows = np.arange(width - 1), []
    for _rank in range(2):
        best = costs.argmin(axis=0)
        rows.append((costs[best, columns], best, state[best, columns]))
        costs[best, columns] = np.inf
    return np.array(rows, dtype=np.float64).transpose(1, 0, 2)


def _merged(old: Floats, new: Floats) -> Floats:
    """The two cheapest of four ways with different sites before; who comes early may wait."""
    both, columns = np.concatenate([old, new], axis=1), np.arange(old.shape[2])
    best = both[0].argmin(axis=0)
    first = both[:, best, columns]
    both[0] = np.where(both[1] == first[1], np.inf, both[0])
    second = both[:, both[0].argmin(axis=0), columns]
    return np.stack([first, second], axis=1)


def _route(grid: Grid, table: _Table, last: int, reduced: float) -> PricedRoute:
    """Walk back from the last site to the depot."""
    pad, _ranks, width = (table.cost.shape[0] - grid.buckets, *table.cost.shape[1:])
    state = (pad + int(grid.closes[last])) * 2 * width + last
    sites: list[int] = []
    while (site := state % width) != width - 1:
        sites.append(site)
        state = int(table.origin.ravel()[state])
    nodes = [width - 1, *reversed(sites), width - 1]
    cost = sum(int(grid.costs[a, b]) for a, b in pairwise(nodes))
    return PricedRoute(tuple(reversed(sites)), cost, reduced)
