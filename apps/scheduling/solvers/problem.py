"""The vehicle routing problem with time windows (Toth and Vigo, Vehicle Routing, 2014, ch. 5).

Times are whole seconds from a common zero. Index 0 of the matrices is the depot, index i + 1 is site i.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Site:
    """A place to visit; ``prize`` is what leaving it out costs, None makes the visit compulsory."""

    key: str
    service: int
    earliest: int
    latest: int
    demand: int = 0
    prize: int | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle with its crew's shift; it starts and ends at the depot."""

    name: str
    capacity: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class VrptwProblem:
    """Serve the sites at the least sum of arc costs and forgone prizes."""

    sites: tuple[Site, ...]
    vehicles: tuple[Vehicle, ...]
    durations: Matrix  # (n + 1, n + 1) seconds of travel
    costs: Matrix  # (n + 1, n + 1) what each trip costs

    @property
    def prizes(self) -> list[int]:
        """What leaving out each site costs; a compulsory one more than any plan."""
        listed = [site.prize for site in self.sites]
        trips = len(self.sites) + len(self.vehicles)
        dear = int(self.costs.max(initial=0)) * trips + sum(prize or 0 for prize in listed) + 1
        return [dear if prize is None else prize for prize in listed]


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit: when the vehicle arrives, how long it waits for the window, when it leaves."""

    site: int
    arrival: int
    wait: int
    departure: int


@dataclass(frozen=True, slots=True)
class Route:
    """The visits of one vehicle in order, and when it leaves and reaches the depot."""

    vehicle: int
    stops: tuple[Stop, ...]
    leaves: int
    returns: int


class Unserved(StrEnum):
    """Why a site is not in the plan."""

    WINDOW = "window"  # no vehicle can reach it in its window and be back in its shift
    CAPACITY = "capacity"  # it needs more than any vehicle carries
    ROOM = "room"  # it would fit alone, but the shifts are full or the detour costs more than the prize


class Status(StrEnum):
    """What is known about the answer."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "time limit"
    TAKEN = "taken early"


@dataclass(frozen=True, slots=True)
class VrptwSolution:
    """Routes, what was left out and why, the cost, and a proven lower bound.

    No plan that leaves out as few compulsory sites costs less than ``bound``.
    """

    routes: tuple[Route, ...]
    unserved: tuple[tuple[int, Unserved], ...]
    cost: int
    bound: int
    status: Status

    @property
    def gap(self) -> float:
        """How far the cost may be above the best possible, as a share of the cost."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0
