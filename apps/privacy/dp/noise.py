"""Integer Laplace noise by OpenDP, and what theory says of its size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

DOUBT = 0.05  # a confidence radius is missed so often at most


@cache
def opendp() -> Any:
    """The library with what we use of it; half a second to load, so only when somebody asks."""
    import opendp.prelude as library

    library.enable_features("contrib")
    return library


@dataclass(frozen=True, slots=True)
class Laplace:
    """Discrete Laplace noise that hides a change of ``sensitivity`` (L1) at a loss of at most ``epsilon``."""

    sensitivity: int
    epsilon: Fraction
    scale: float

    def noisy(self, values: Sequence[int]) -> list[int]:
        """The whole numbers with fresh noise in each; numbers beyond 64 bits saturate inside OpenDP."""
        noisy: list[int] = _measurement(self.scale)(list(values))
        return noisy

    def mean_error(self) -> float:
        """E|noise| = 1 / sinh(1 / scale) of the discrete Laplace law (Inusah and Kozubowski 2006)."""
        return 1 / math.sinh(1 / self.scale)

    def radius(self, doubt: float = DOUBT) -> float:
        """The noise is larger than this with a chance of at most ``doubt`` (OpenDP's accuracy function)."""
        width = opendp().discrete_laplacian_scale_to_accuracy(self.scale, doubt)
        return float(math.ceil(width) - 1)  # OpenDP speaks of |noise| >= width; noise is whole


@cache
def laplace(sensitivity: int, epsilon: Fraction) -> Laplace:
    """The least noise whose loss, as OpenDP's conservative map computes it, is within ``epsilon`` exactly."""
    scale = float(sensitivity / epsilon)
    while Fraction(_measurement(scale).map(sensitivity)) > epsilon:
        scale = math.nextafter(scale, math.inf)
    return Laplace(sensitivity, epsilon, scale)


def _measurement(scale: float) -> Any:
    dp = opendp()
    return dp.m.make_laplace(dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int), scale=scale)
