"""Small routing problems, and Solomon's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import vrplib

from apps.scheduling.solvers.problem import Site, Vehicle, VrptwProblem

TENTHS = 10


def random_problem(seed: int, *, sites: int = 5, vehicles: int = 2, optional: bool = True) -> VrptwProblem:
    """Places in a square of 100, windows of 60 within a shift of 400, optional prizes."""
    draw = np.random.default_rng(seed)
    places = draw.integers(0, 100, (sites + 1, 2))
    matrix = np.rint(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int64)
    early = draw.integers(0, 250, sites)
    listed = tuple(
        Site(f"s{i}", 10, int(early[i]), int(early[i]) + 60, 1, 150 if optional else None)
        for i in range(sites)
    )
    crews = tuple(Vehicle(f"v{k}", 3, 0, 400) for k in range(vehicles))
    return VrptwProblem(listed, crews, matrix, matrix)


def solomon_problem(name: str, *, folder: Path) -> VrptwProblem:
    """A Solomon instance in tenths of its units, truncated as the DIMACS challenge did."""
    instance = vrplib.read_instance(folder / f"{name}.txt", instance_format="solomon")
    matrix = np.floor(instance["edge_weight"] * TENTHS).astype(np.int64)
    windows, service = instance["time_window"] * TENTHS, instance["service_time"] * TENTHS
    sites = tuple(
        Site(str(i), int(service[i]), int(windows[i, 0]), int(windows[i, 1]), int(instance["demand"][i]))
        for i in range(1, len(matrix))
    )
    vehicles = tuple(
        Vehicle(str(k), int(instance["capacity"]), int(windows[0, 0]), int(windows[0, 1]))
        for k in range(int(instance["vehicles"]))
    )
    return VrptwProblem(sites, vehicles, matrix, matrix)
