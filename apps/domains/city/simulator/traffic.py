"""Speed and flow on every segment."""

from __future__ import annotations

import numpy as np

from apps.domains.city.simulator.calendar import demand
from apps.domains.city.simulator.incidents import incident_load
from apps.domains.city.simulator.noise import Array, Seconds, smooth_noise, white_noise
from apps.domains.city.simulator.roads import roads

RAIN_LOAD = 0.012  # congestion for each mm/h
SLOWEST = 3.0  # km/h: a queue still creeps


def traffic(times: Seconds, *, seed: int, rain: Array) -> tuple[Array, Array]:
    """``[T, N]`` speeds (km/h) and flows (vehicles/h)."""
    road = roads(seed)
    size = len(road.codes)
    wanted = demand(times, morning=road.morning) * road.busy
    drift = smooth_noise(times, seed=(seed, 5), knot=3600, size=size) @ road.mix.T
    ripple = smooth_noise(times, seed=(seed, 6), knot=900, size=size) @ road.mix.T
    wanted = wanted * (1 + 0.13 * drift + 0.07 * ripple)
    taken = incident_load(times, seed=seed, hops=road.hops)
    filled = np.clip(wanted + RAIN_LOAD * rain[:, None], 0, 1)
    congested = 1 - (1 - filled**1.8) * (1 - taken)
    jitter = white_noise(times, seed=(seed, 7), size=2 * size)
    speed = road.free * (1 - 0.78 * congested) + 1.1 * jitter[:, :size]
    flow = road.capacity * np.clip(wanted, 0, 1) * (1 - 0.55 * taken) * (1 + 0.05 * jitter[:, size:])
    return np.maximum(speed, SLOWEST), np.maximum(flow, 0)
