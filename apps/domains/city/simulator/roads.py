"""The street network as arrays: what each segment can carry, and who is whose neighbour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from apps.domains.city.network.build import neighbours, segments
from apps.domains.city.simulator.noise import Array

LANE_CAPACITY = {"expressway": 1700, "arterial": 900, "collector": 650, "local": 400}  # vehicles/h
FREE_SHARE = {"expressway": 0.97, "arterial": 0.82, "collector": 0.76, "local": 0.72}  # of the limit; signals
BUSY = {"expressway": 0.95, "arterial": 1.0, "collector": 0.85, "local": 0.62}
CENTRE_METRES = 3_500.0


@dataclass(frozen=True)
class Roads:
    """Everything about ``N`` segments that does not change with time."""

    codes: tuple[str, ...]
    free: Array  # [N] km/h on an empty road
    capacity: Array  # [N] vehicles/h, both directions
    busy: Array  # [N] how much of the city's demand the street feels
    morning: Array  # [N] 0 peak in the evening to 1 peak in the morning
    mix: Array  # [N, N] averages over neighbours: noise of a street is noise of its surroundings
    hops: Array  # [N, N] segments between two segments; inf where there is no way


@cache
def roads(seed: int) -> Roads:
    """The arrays of the demonstration network."""
    rows = segments()
    luck = np.random.default_rng([seed, 4]).random((3, len(rows)))
    classes = [row.road_class for row in rows]
    middles = np.array([row.line.interpolate(0.5, normalized=True).coords[0] for row in rows])
    central = np.exp(-np.hypot(middles[:, 0], middles[:, 1]) / CENTRE_METRES)
    link = links()
    return Roads(
        codes=tuple(row.code for row in rows),
        free=np.array([row.speed_limit * FREE_SHARE[row.road_class] for row in rows])
        * (0.93 + 0.12 * luck[0]),
        capacity=np.array([row.lanes * LANE_CAPACITY[row.road_class] for row in rows], dtype=float),
        busy=np.array([BUSY[name] for name in classes]) * (0.72 + 0.45 * central + 0.2 * luck[1]),
        morning=luck[2],
        mix=_mix(link),
        hops=shortest_path(csr_matrix(link > 0), unweighted=True),
    )


def links() -> Array:
    """``[N, N]`` weights between neighbours, in the order of the segments."""
    place = {row.code: number for number, row in enumerate(segments())}
    link = np.zeros((len(place), len(place)))
    for first, second, weight in neighbours():
        link[place[first], place[second]] = weight
    return link


def _mix(link: Array) -> Array:
    """Two steps of averaging with the neighbours, scaled so that unit noise stays unit noise."""
    step = np.eye(len(link)) + 0.5 * link
    twice = step @ step
    return np.asarray(twice / np.sqrt((twice**2).sum(axis=1, keepdims=True)))
