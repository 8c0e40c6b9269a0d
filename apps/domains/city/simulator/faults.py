"""Sensors that fail now and then, so that the quality rules have work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apps.domains.city.simulator.calendar import CLOCK_OFFSET, DAY, local_day
from apps.domains.city.simulator.noise import Array, Seconds

SHARE_A_DAY = 0.008  # of all sensors
SPIKE_SHARE = 0.2  # of the readings while a loose contact lasts
SPIKE = 30_000.0  # outside the range of every kind


@dataclass(frozen=True, slots=True)
class Fault:
    """One sensor that sticks, falls silent or spikes for a while."""

    stream: int
    kind: str  # "stuck", "gap" or "spike"
    begin: int  # Unix seconds
    end: int


def faults_of(day: int, *, seed: int, streams: int) -> list[Fault]:
    """The faults that begin on a local day."""
    luck = np.random.default_rng([seed, 11, abs(day)])
    found = []
    for _ in range(luck.poisson(SHARE_A_DAY * streams)):
        begin = int(day * DAY - CLOCK_OFFSET + luck.uniform(0, DAY))
        kind = ("stuck", "gap", "spike")[int(luck.integers(3))]
        found.append(Fault(int(luck.integers(streams)), kind, begin, begin + int(luck.uniform(40, 200) * 60)))
    return found


def faults_apply(values: Array, times: Seconds, *, seed: int, at: Callable[[Seconds], Array]) -> None:
    """Change ``values`` (``[T, streams]``) in place; ``at`` gives the sound values of other moments."""
    days = local_day(times)
    for day in range(int(days.min()) - 1, int(days.max()) + 1):
        for fault in faults_of(day, seed=seed, streams=values.shape[1]):
            rows = np.flatnonzero((times >= fault.begin) & (times < fault.end))
            if rows.size:
                values[rows, fault.stream] = _faulty(values[rows, fault.stream], times[rows], fault, at)


def _faulty(values: Array, times: Seconds, fault: Fault, at: Callable[[Seconds], Array]) -> Array:
    if fault.kind == "gap":
        return np.full(len(values), np.nan)
    if fault.kind == "stuck":
        held = at(np.array([fault.begin]))[0, fault.stream]
        return np.full(len(values), held)
    hit = (times // 60 * 2654435761 % 1000) / 1000 < SPIKE_SHARE  # Knuth's multiplicative hash
    return np.where(hit, values + SPIKE, values)
