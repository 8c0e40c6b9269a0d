"""What a domain hands to the planner, and the shapes it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.scheduling.solvers.network import Edge, LonLat, Ways, quickest_ways
from apps.scheduling.solvers.problem import Site, Vehicle, VrptwProblem
from apps.sensing.data import ReadingsUsed

__all__ = [
    "BuiltProblem",
    "Edge",
    "LonLat",
    "PlannedSite",
    "Site",
    "Vehicle",
    "VrptwProblem",
    "Ways",
    "quickest_ways",
]


@dataclass(frozen=True, slots=True)
class PlannedSite:
    """The object of the domain behind one site of the problem."""

    object_type: str  # "city.InspectionSite"
    object_id: int
    label: str
    protected: LonLat | None = None  # its place, where not everybody who sees the plan may know it


@dataclass(frozen=True, slots=True)
class BuiltProblem:
    """A problem ready to solve: ``objects[i]`` stands behind ``problem.sites[i]``.

    ``ways`` has the depot as place 0 and site i as place i + 1; second 0 of the problem is ``zero``;
    ``depot`` is where every route begins and ends;
    ``notes`` says where the travel times came from, ``used`` from which readings: when they are corrected,
    the plan is out of date.
    """

    problem: VrptwProblem
    objects: tuple[PlannedSite, ...]
    ways: Ways
    zero: datetime
    depot: LonLat
    notes: dict[str, Any] = field(default_factory=dict)
    used: ReadingsUsed | None = None
