"""Accidents and road works: where, when, and how far the queue reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.domains.city.simulator.calendar import CLOCK_OFFSET, DAY, local_day
from apps.domains.city.simulator.noise import Array, Seconds

A_DAY = 7.0  # incidents in the whole city, on average
REACH = 4  # segments that a queue grows back
DECAY = 0.55  # of the effect from one segment to the next
SPREAD_SECONDS = 240.0  # that the queue needs for one segment
RISE_SECONDS, CLEAR_SECONDS = 300.0, 1500.0


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident: the segment, when it begins, how long it lasts, how much of the road it takes."""

    place: int
    begin: float  # Unix seconds
    length: float  # s
    severity: float  # 0 to 1


def incidents_of(day: int, *, seed: int, roads: int) -> list[Incident]:
    """The incidents that begin on a local day."""
    luck = np.random.default_rng([seed, 3, abs(day)])
    return [
        Incident(
            place=int(luck.integers(roads)),
            begin=day * DAY - CLOCK_OFFSET + luck.uniform(6.5, 22.0) * 3600,
            length=luck.uniform(20, 90) * 60,
            severity=luck.uniform(0.45, 0.9),
        )
        for _ in range(luck.poisson(A_DAY))
    ]


def incident_load(times: Seconds, *, seed: int, hops: Array) -> Array:
    """``[T, N]`` share of each road that incidents take; ``hops[i, j]`` counts segments from i to j."""
    load = np.zeros((len(times), len(hops)))
    days = local_day(times)
    for day in range(int(days.min()) - 1, int(days.max()) + 1):
        for incident in incidents_of(day, seed=seed, roads=len(hops)):
            _add(load, times, incident, hops[incident.place])
    return load


def _add(load: Array, times: Seconds, incident: Incident, hops: Array) -> None:
    near = np.flatnonzero(hops <= REACH)
    late = hops[near] * SPREAD_SECONDS
    last = incident.begin + incident.length + CLEAR_SECONDS + REACH * SPREAD_SECONDS
    rows = np.flatnonzero((times >= incident.begin) & (times <= last))
    since = times[rows, None] - incident.begin - late
    shape = np.clip(since / RISE_SECONDS, 0, 1) * np.clip(1 - (since - incident.length) / CLEAR_SECONDS, 0, 1)
    taken = incident.severity * DECAY ** hops[near] * shape
    block = np.ix_(rows, near)
    load[block] = 1 - (1 - load[block]) * (1 - taken)
