"""Random curves that are the same whenever they are asked for the same moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Seconds = NDArray[np.int64]  # of the Unix clock


def smooth_noise(times: Seconds, *, seed: tuple[int, ...], knot: int, size: int) -> Array:
    """``[T, size]`` curves through a normal draw every ``knot`` seconds; mean 0, deviation just below 1."""
    place = times / knot
    low = np.floor(place).astype(np.int64)
    first, last = int(low.min()), int(low.max()) + 1
    drawn = np.stack([drawn_at((*seed, number), size=size) for number in range(first, last + 1)])
    share = (place - low)[:, None]
    share = share * share * (3 - 2 * share)
    return drawn[low - first] * (1 - share) + drawn[low - first + 1] * share


def white_noise(times: Seconds, *, seed: tuple[int, ...], size: int) -> Array:
    """``[T, size]`` independent normal draws, one row a moment."""
    return np.stack([drawn_at((*seed, int(moment)), size=size) for moment in times])


def drawn_at(seed: tuple[int, ...], *, size: int) -> Array:
    """``size`` normal draws that belong to ``seed`` (negative parts are folded to positive ones)."""
    return np.random.default_rng([abs(part) for part in seed]).standard_normal(size)
