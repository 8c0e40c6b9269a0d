"""The gap rule: silence before a reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Floats


def gaps(seconds: Floats, max_age: Floats) -> NDArray[np.bool_]:
    """Rows that come more than ``max_age`` seconds after the reading before."""
    return seconds > max_age
