"""A lower bound by column generation (Desrochers, Desrosiers and Solomon 1992).

The least cost of covering every site by routes of ``pricing``, or paying its prize, as a linear program.
At any prices p the value ``sum_i min(p_i, prize_i) + sum_k count_k min(0, cheapest route of shift k at p)``
is a valid lower bound (Lagrange), so the search for prices may stop at any time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from apps.scheduling.solvers.pricing import Floats, Grid, PricedRoute, grids_of, routes_priced
from apps.scheduling.solvers.problem import VrptwProblem

CLOSE = 0.001  # share of the bound that more rounds could still win, below which they stop
ROUNDS = 300
SMOOTH = 0.7  # prices stay near the best ones so far (Wentges 1997): half the rounds


@dataclass
class _Master:
    """The linear program over the routes found so far."""

    prizes: Floats
    counts: list[int]
    columns: list[tuple[int, PricedRoute]] = field(default_factory=list)

    def solved(self) -> tuple[float, Floats]:
        """Its value and the price of each site."""
        sites, size = len(self.prizes), len(self.columns)
        entries = [
            (place, number) for number, (_k, route) in enumerate(self.columns) for place in route.sites
        ]
        entries += [(sites + kind, number) for number, (kind, _route) in enumerate(self.columns)]
        entries += [(place, size + place) for place in range(sites)]
        rows, columns = zip(*entries, strict=True)
        signs = [-1.0 if row < sites else 1.0 for row in rows]
        shape = (sites + len(self.counts), size + sites)
        matrix = csr_matrix((signs, (rows, columns)), shape=shape)
        costs = [*(route.cost for _kind, route in self.columns), *self.prizes]
        limits = [*([-1.0] * sites), *self.counts]
        found = linprog(costs, A_ub=matrix, b_ub=limits, method="highs")
        return float(found.fun), -found.ineqlin.marginals[:sites]


def bound_columns(problem: VrptwProblem, *, go_on: Callable[[int], bool]) -> int:
    """The best bound proven while ``go_on(bound so far)`` agrees; 0 where the method does not apply."""
    grids = grids_of(problem)
    if not grids:
        return 0
    best, prizes = 0.0, np.array(problem.prizes, dtype=np.float64)
    master = _Master(prizes, [grid.count for grid in grids])
    centre = np.zeros(len(prizes))
    for _round in range(ROUNDS):
        value, wanted = master.solved()
        prices = SMOOTH * centre + (1 - SMOOTH) * wanted
        priced = [routes_priced(grid, prices) for grid in grids]
        bound = _lagrange(prices, prizes, grids, priced)
        if bound > best:
            best, centre = bound, prices
        for kind, routes in enumerate(priced):
            master.columns.extend((kind, route) for route in routes if _helps(route, wanted))
        if value - best <= CLOSE * value or not go_on(_whole(best)):
            break
    return _whole(best)


def _whole(bound: float) -> int:
    """Costs are whole numbers, so the bound may be rounded up; the solver's own rounding is not."""
    return max(math.ceil(bound - 1e-4 * max(bound / 1000, 1)), 0)


def _helps(route: PricedRoute, prices: Floats) -> bool:
    """Whether the linear program would use the route at its own prices."""
    return bool(route.cost < prices[list(route.sites)].sum())


def _lagrange(prices: Floats, prizes: Floats, grids: list[Grid], priced: list[list[PricedRoute]]) -> float:
    cheapest = [min(0.0, routes[0].reduced) if routes else 0.0 for routes in priced]
    saved = sum(grid.count * least for grid, least in zip(grids, cheapest, strict=True))
    return float(np.minimum(prices, prizes).sum()) + saved
