"""Prediction intervals by split conformal prediction, normalised by difficulty.

The score of a past forecast is its error divided by the spread that the network expected (Lei et al.,
"Distribution-free predictive inference for regression", JASA 2018, section 5.2). Both tails are
calibrated apart, as errors of traffic and air are skewed (Romano et al., "Conformalized quantile
regression", NeurIPS 2019, theorem 2). The promise needs exchangeable errors; a city changes, therefore
the coverage is also measured on a later part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.training.nets.panel import Floats

LEVELS = (0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Lower and upper score limits for every level and step ahead: (levels, H) each."""

    lower: Floats
    upper: Floats

    @property
    def is_finite(self) -> bool:
        """Whether there were enough scores for every level and step."""
        return bool(np.isfinite(self.lower).all() and np.isfinite(self.upper).all())

    def interval(self, point: Floats, spread: Floats, *, level: float) -> tuple[Floats, Floats]:
        """Bounds of the interval around ``point`` (..., H, N)."""
        row = LEVELS.index(level)
        return point + self.lower[row][:, None] * spread, point + self.upper[row][:, None] * spread


def calibrate(point: Floats, spread: Floats, actual: Floats) -> Calibration:
    """Limits from forecasts (W, H, N) whose truth is known; NaN in ``actual`` is left out."""
    scores = np.moveaxis((actual - point) / spread, 1, 0).reshape(point.shape[1], -1)  # (H, W * N)
    limits = [[_limit(row[np.isfinite(row)], level=level) for row in scores] for level in LEVELS]
    upper = np.array(limits, dtype=np.float32)
    below = [[_limit(-row[np.isfinite(row)], level=level) for row in scores] for level in LEVELS]
    return Calibration(-np.array(below, dtype=np.float32), upper)


def _limit(scores: Floats, *, level: float) -> float:
    """The smallest limit with the finite-sample promise for one tail; infinite when scores are too few."""
    rank = int(np.ceil((len(scores) + 1) * (1 + level) / 2))
    if rank > len(scores):
        return float("inf")
    return float(np.partition(scores, rank - 1)[rank - 1])


def coverage(low: Floats, high: Floats, actual: Floats) -> float:
    """Share of known values inside their interval."""
    seen = np.isfinite(actual)
    inside = (actual >= low) & (actual <= high)
    return float(inside[seen].mean()) if seen.any() else float("nan")
