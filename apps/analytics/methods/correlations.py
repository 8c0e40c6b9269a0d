"""How closely streams move together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import atanh, sqrt, tanh

import numpy as np

from apps.analytics.methods.matrices import Floats, Matrix

LEAST = 8  # steps that two streams must share
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's r of two streams over their ``steps`` common steps, with its 95 % interval."""

    left: int
    right: int
    r: float
    low: float
    high: float
    steps: int


def correlations(matrix: Matrix) -> list[Correlation]:
    """Every pair with enough common steps, the strongest first.

    Interval by Fisher's z (Fisher 1921): atanh(r) +- 1.96 / sqrt(n - 3). Neighbouring steps of a series
    resemble each other, so the true interval is wider; the number of steps is given to judge by.
    """
    found = []
    for left, right in combinations(range(len(matrix.streams)), 2):
        pair = matrix.values[:, [left, right]]
        common = pair[np.isfinite(pair).all(axis=1)]
        if len(common) >= LEAST and common.std(axis=0).min() > 0:
            found.append(_correlation(common, matrix.streams[left], matrix.streams[right]))
    return sorted(found, key=lambda item: -abs(item.r))


def _correlation(common: Floats, left: int, right: int) -> Correlation:
    r = float(np.asarray(np.corrcoef(common.T))[0, 1])
    centre = atanh(min(max(r, -0.9999999), 0.9999999))
    half = Z95 / sqrt(len(common) - 3)
    return Correlation(left, right, r, tanh(centre - half), tanh(centre + half), len(common))
