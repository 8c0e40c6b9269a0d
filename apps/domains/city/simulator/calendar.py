"""How busy the city is, by the local clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.domains.city.simulator.noise import Array, Seconds

DAY = 86_400
CLOCK_OFFSET = 8 * 3600  # China Standard Time: one offset all year
SATURDAY = 5
MORNING, EVENING = 7.8, 18.0  # hours of the peaks


def local_day(times: Seconds) -> Seconds:
    """Days since 1970-01-01 by the local clock."""
    return (times + CLOCK_OFFSET) // DAY


def local_hour(times: Seconds) -> Array:
    """Hours since local midnight, with fractions."""
    return ((times + CLOCK_OFFSET) % DAY) / 3600


def is_weekend(times: Seconds) -> NDArray[np.bool_]:
    """Whether it is Saturday or Sunday (1970-01-01 was a Thursday)."""
    return (local_day(times) + 3) % 7 >= SATURDAY


def demand(times: Seconds, *, morning: Array) -> Array:
    """``[T, N]`` share of the largest traffic; ``morning`` is the share of a street's peak before noon."""
    hour = local_hour(times)[:, None]
    plateau = _bump(hour, 13.0, 5.2) * 0.48 + 0.05
    working = plateau + _bump(hour, MORNING, 0.75) * (0.25 + 0.5 * morning)
    working = working + _bump(hour, EVENING, 1.0) * (0.75 - 0.5 * morning)
    resting = 0.05 + _bump(hour, 15.5, 4.2) * 0.5 + _bump(hour, 19.5, 1.2) * 0.12
    return np.clip(np.where(is_weekend(times)[:, None], resting + 0 * morning, working), 0.03, 1.0)


def _bump(hour: Array, centre: float, width: float) -> Array:
    """A bell around ``centre`` that goes round midnight."""
    gap = np.abs(hour - centre)
    bell: Array = np.exp(-0.5 * (np.minimum(gap, 24 - gap) / width) ** 2)
    return bell
