"""Metres on a plane around the centre of the demonstration city, and back to degrees."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CENTRE_LON, CENTRE_LAT = 118.05, 24.45
METRES_PER_DEGREE = 6371008.8 * math.pi / 180  # mean radius of the earth (IUGG)
LON_SCALE = METRES_PER_DEGREE * math.cos(math.radians(CENTRE_LAT))


def to_degrees(metres: Array) -> Array:
    """``[N, 2]`` metres east and north of the centre -> longitude and latitude (six places)."""
    east, north = metres[:, 0], metres[:, 1]
    degrees: Array = np.column_stack([CENTRE_LON + east / LON_SCALE, CENTRE_LAT + north / METRES_PER_DEGREE])
    return degrees.round(6)


def warped(metres: Array) -> Array:
    """The plane bent a little, so that no street of the city runs quite straight."""
    east, north = metres[:, 0] / 1000, metres[:, 1] / 1000
    shift_east = 0.28 * np.sin(0.55 * north + 0.8) + 0.10 * np.sin(1.7 * north + 0.3 * east)
    shift_north = 0.32 * np.sin(0.48 * east - 0.4) + 0.09 * np.sin(1.9 * east + 0.4 * north)
    turned_east = 0.985 * east - 0.174 * north  # ten degrees: the old town follows the river, not the compass
    turned_north = 0.174 * east + 0.985 * north
    return 1000 * np.column_stack([turned_east + shift_east, turned_north + shift_north])
