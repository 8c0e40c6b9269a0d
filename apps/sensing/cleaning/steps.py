"""The step rules: more change than there can be from one reading to the next, or in a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Floats

Mask = NDArray[np.bool_]


def jumps(changes: Floats, max_step: Floats) -> Mask:
    """Rows that differ from the reading before by more than ``max_step``, however long ago it was."""
    return np.abs(changes) > max_step


def rushes(changes: Floats, seconds: Floats, rate: Floats) -> Mask:
    """Rows that have changed by more than ``rate`` a second since the reading before."""
    return np.abs(changes) > rate * np.maximum(seconds, 0)
