"""What the air stations read: particles and gases between traffic, wind and rain."""

from __future__ import annotations

import numpy as np

from apps.domains.city.kinds import STATION_KINDS
from apps.domains.city.simulator.calendar import demand
from apps.domains.city.simulator.noise import Array, Seconds, smooth_noise, white_noise
from apps.domains.city.simulator.weather import Weather


def air(times: Seconds, *, seed: int, sky: Weather, stations: int) -> Array:
    """``[T, stations, kinds]`` in the order of ``STATION_KINDS``."""
    place = np.random.default_rng([seed, 8]).random((2, stations))
    local = smooth_noise(times, seed=(seed, 9), knot=3 * 3600, size=stations)
    jitter = white_noise(times, seed=(seed, 10), size=6 * stations).reshape(len(times), 6, stations)
    busy = demand(times, morning=np.full(stations, 0.5)) * (0.6 + 0.8 * place[0])
    still = np.sqrt(2.6 / (0.7 + sky.wind))[:, None]
    clean = (1 - 0.6 * sky.washed)[:, None]
    season = (18 + 34 * sky.winter)[:, None]
    values = {
        "pm25": season * still * clean * (0.75 + 0.45 * busy) * np.exp(0.22 * local) + 1.2 * jitter[:, 0],
        "no2": (9 + 42 * busy) * still * (0.7 + 0.5 * clean * 0.6) + 1.0 * jitter[:, 1],
        "noise": 44 + 24 * busy**0.6 + 2.0 * sky.rain[:, None] ** 0.5 + 1.1 * jitter[:, 2],
        "temperature": sky.temperature[:, None] + 0.8 * place[1] + 0.12 * jitter[:, 3],
        "humidity": np.clip(sky.humidity[:, None] + 3 * place[1] + 0.6 * jitter[:, 4], 5, 100),
        "wind": sky.wind[:, None] * (0.75 + 0.5 * place[1]) + 0.15 * jitter[:, 5],
        "rain": np.repeat(sky.rain[:, None], stations, axis=1),
    }
    return np.stack(
        [np.maximum(values[kind.key], LEAST.get(kind.key, 0.0)) for kind in STATION_KINDS], axis=2
    )


LEAST = {"pm25": 1.0, "no2": 1.0, "noise": 30.0, "temperature": -40.0}
