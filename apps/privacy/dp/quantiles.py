"""Quantiles: OpenDP's noisy maximum over a public grid of candidates (Smith 2011, exponential mechanism)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from apps.privacy.dp.noise import DOUBT, opendp

MOST_CANDIDATES = 2000


@dataclass(frozen=True, slots=True)
class Quantile:
    """Picks a candidate close to the quantile ``level``; one person changes ``rows`` rows at most."""

    candidates: tuple[int, ...]
    level: Fraction
    scale: float

    def of(self, values: Sequence[int]) -> int:
        """The candidate that the mechanism picks for the bounded values."""
        place: int = (_scores(self.candidates, self.level) >> _largest(self.scale))(list(values))
        return self.candidates[place]

    def radius(self, doubt: float = DOUBT) -> float:
        """How many rows the true rank is away at most, but for a chance of ``doubt``.

        A score is a distance of ranks times OpenDP's denominator of ``level``; the picked one is worse than
        the best by more than scale * ln(candidates / doubt) with a chance of ``doubt`` (McSherry and Talwar
        2007).
        """
        one_row = int(_scores(self.candidates, self.level).map(1))
        denominator = one_row / max(self.level, 1 - self.level)
        return float(self.scale * math.log(len(self.candidates) / doubt) / denominator)


@cache
def quantile(*, low: int, high: int, level: Fraction, rows: int, epsilon: Fraction) -> Quantile:
    """The least noise whose loss for ``rows`` rows of a person is within ``epsilon`` exactly."""
    stride = max(1, math.ceil((high - low) / MOST_CANDIDATES))
    candidates = tuple(range(low, high + 1, stride))
    scores = _scores(candidates, level)
    scale = float(2 * int(scores.map(rows)) / epsilon)
    while Fraction((scores >> _largest(scale)).map(rows)) > epsilon:
        scale = math.nextafter(scale, math.inf)
    return Quantile(candidates, level, scale)


def _scores(candidates: Sequence[int], level: Fraction) -> Any:
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.symmetric_distance()
    return dp.t.make_quantile_score_candidates(*space, candidates=list(candidates), alpha=float(level))


def _largest(scale: float) -> Any:
    dp = opendp()
    return dp.m.then_noisy_max(dp.max_divergence(), scale=scale, negate=True)
