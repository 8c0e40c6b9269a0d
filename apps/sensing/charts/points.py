"""A series as a chart needs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Floats, Integers


@dataclass(frozen=True, slots=True)
class Points:
    """Columns of length n, in time order; NaN marks a row without usable readings."""

    times: Integers  # unix milliseconds, the start of a bucket
    values: Floats
    lows: Floats
    highs: Floats
    counts: Integers  # usable readings
    quality: NDArray[np.int16]  # the worst of the row: 0 good, 1 partly unusable or suspect, 2 unusable

    def __len__(self) -> int:
        return len(self.times)
