"""Several sensors of one machine together: Hotelling's T2 and the residual Q of a robust PCA.

Jackson and Mudholkar 1979; centre and scale are median and median absolute deviation, so that a few bad
values in the time of learning spoil nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.medians import TO_SIGMA
from apps.sensing.data import Floats

EXPLAINED = 0.7  # share of the variance that the components must explain
FARTHEST = 1e3  # robust deviations: further is not told apart
LEAST = 1e-9
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Normal:
    """What is normal for k sensors: learnt once, asked for each row."""

    centre: Floats  # (k,)
    scale: Floats  # (k,)
    components: Floats  # (k, m)
    variances: Floats  # (m,)
    limits: Floats  # largest T2 and Q of the rows that it was learnt from

    def statistics(self, rows: Floats) -> Floats:
        """(n, 2): T2, how far within what the sensors do together, and Q, how far beside it."""
        scaled = np.clip((rows - self.centre) / self.scale, -FARTHEST, FARTHEST)
        parts = scaled @ self.components
        rest = scaled - parts @ self.components.T
        return np.stack([(parts**2 / self.variances).sum(axis=1), (rest**2).sum(axis=1)], axis=1)

    def anomalous(self, rows: Floats) -> Mask:
        """Rows (n, k) beyond everything that was seen in the time of learning; a row with a gap is not."""
        found: Mask = (self.statistics(rows) > self.limits).max(axis=1)
        return found


def normal_learn(rows: Floats, *, explained: float = EXPLAINED) -> Normal:
    """What is normal from rows (n, k) of a time in which all was well; rows with a gap are left out."""
    rows = rows[np.isfinite(rows).all(axis=1)]
    if len(rows) <= rows.shape[1]:
        raise ValueError(f"{len(rows)} complete rows are too few for {rows.shape[1]} sensors.")
    centre = np.median(rows, axis=0)
    scale = TO_SIGMA * np.median(np.abs(rows - centre), axis=0)
    scale = np.where(scale > 0, scale, rows.std(axis=0) + LEAST)
    scaled = np.clip((rows - centre) / scale, -FARTHEST, FARTHEST)
    variances, components = np.linalg.eigh(np.atleast_2d(np.cov(scaled.T)))
    variances, components = np.maximum(variances[::-1], LEAST), components[:, ::-1]
    count = int(np.searchsorted(np.cumsum(variances) / variances.sum(), explained)) + 1
    learnt = Normal(centre, scale, components[:, :count], variances[:count], np.zeros(2))
    limits = learnt.statistics(rows).max(axis=0)
    return Normal(centre, scale, learnt.components, learnt.variances, limits)
