"""Errors as the traffic papers define them (T-GCN, Zhao et al. 2020, equations 15 to 17)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from apps.training.nets.panel import Floats


@dataclass(frozen=True, slots=True)
class Score:
    """Root mean square error, mean absolute error, and 1 - ||Y - P|| / ||Y|| (Frobenius)."""

    rmse: float
    mae: float
    accuracy: float

    def as_dict(self) -> dict[str, float]:
        """The three figures, rounded for storage."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def score(predicted: Floats, actual: Floats) -> Score:
    """Errors over every entry that was read; NaN in ``actual`` is left out."""
    seen = np.isfinite(actual)
    truth = actual[seen].astype(np.float64)
    error = predicted[seen].astype(np.float64) - truth
    if not truth.size:
        return Score(float("nan"), float("nan"), float("nan"))
    share = float(np.linalg.norm(error) / max(float(np.linalg.norm(truth)), 1e-12))
    return Score(float(np.sqrt(np.mean(error**2))), float(np.mean(np.abs(error))), 1 - share)
