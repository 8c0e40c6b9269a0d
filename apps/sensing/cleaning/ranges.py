"""The range rule: a value that the sensor, or nature, cannot give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Floats


def outside(results: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Rows below the lowest or above the highest plausible value; both ends belong to the range."""
    return (results < low) | (results > high)
