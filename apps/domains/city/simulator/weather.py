"""Wind, rain and temperature over the city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.domains.city.simulator.calendar import CLOCK_OFFSET, DAY, local_day, local_hour
from apps.domains.city.simulator.noise import Array, Seconds, smooth_noise

YEAR_DAYS = 365.25
RAINY_SHARE = 0.3  # of all days
DRY_AGAIN = 12 * 3600  # seconds until the air has forgotten a shower


@dataclass(frozen=True, slots=True)
class Weather:
    """One value a moment, each ``[T]``."""

    wind: Array  # m/s
    rain: Array  # mm/h
    temperature: Array  # Cel
    humidity: Array  # %
    washed: Array  # 0 dry air to 1 air just washed by rain
    winter: Array  # 0 midsummer to 1 midwinter


def weather(times: Seconds, *, seed: int) -> Weather:
    """The weather of a subtropical coast."""
    winter = 0.5 + 0.5 * np.cos(2 * np.pi * (local_day(times) % YEAR_DAYS - 15) / YEAR_DAYS)
    slow = smooth_noise(times, seed=(seed, 1), knot=6 * 3600, size=3)
    wind = np.maximum(0.2, 2.6 + 1.3 * slow[:, 0] + 0.9 * np.sin((local_hour(times) - 9) * np.pi / 12))
    rain, washed = _showers(times, seed=seed)
    daily = 3.6 * np.sin((local_hour(times) - 9) * np.pi / 12)
    temperature = 29 - 15 * winter + daily + 1.6 * slow[:, 1] - 2.5 * (rain > 0)
    humidity = np.clip(72 - 2.2 * daily + 7 * slow[:, 2] + 18 * (rain > 0), 15, 100)
    return Weather(wind, rain, temperature, humidity, washed, winter)


def _showers(times: Seconds, *, seed: int) -> tuple[Array, Array]:
    rain, washed = np.zeros(len(times)), np.zeros(len(times))
    days = local_day(times)
    for day in range(int(days.min()) - 1, int(days.max()) + 1):
        luck = np.random.default_rng([seed, 2, abs(day)]).random(4)
        if luck[0] > RAINY_SHARE:
            continue
        begin = day * DAY - CLOCK_OFFSET + luck[1] * DAY
        length, strength = 3600 * (0.7 + 5 * luck[2]), 1 + 14 * luck[3] ** 2
        share = (times - begin) / length
        rain += np.where((share > 0) & (share < 1), strength * np.sin(np.pi * np.clip(share, 0, 1)), 0)
        fading = 1 - (times - begin - length) / DRY_AGAIN
        washed = np.maximum(washed, np.clip(np.minimum(share, fading), 0, 1))
    return rain, washed
