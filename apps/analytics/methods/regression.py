"""One stream explained by others, with intervals that hold for series."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from apps.analytics.methods.matrices import Floats

LEAST_A_TERM = 10  # observations for each coefficient


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient with its 95 % interval and p value."""

    name: str
    estimate: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Regression:
    """The terms (first the constant), R squared, and how many steps were used."""

    terms: tuple[Term, ...]
    r_squared: float
    steps: int


def regression(target: Floats, causes: Floats, *, names: tuple[str, ...]) -> Regression:
    """Least squares of ``target`` (T,) on ``causes`` (T, K) over the steps where all are known.

    Intervals use the covariance of Newey and West (1987), which stays right when neighbouring errors resemble
    each other; lags by their rule 4 (T / 100)^(2/9). ValueError when there are too few steps or a cause does
    not vary.
    """
    known = np.isfinite(target) & np.isfinite(causes).all(axis=1)
    y, x = target[known], causes[known]
    if len(y) < LEAST_A_TERM * (x.shape[1] + 1):
        raise ValueError("too few steps")
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(x)), x])) <= x.shape[1]:
        raise ValueError("the causes say the same")
    api = import_module("statsmodels.api")
    lags = int(4 * (len(y) / 100) ** (2 / 9))
    fit = api.OLS(y, api.add_constant(x, has_constant="add")).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    bounds = fit.conf_int(alpha=0.05)
    terms = tuple(
        Term(
            name,
            float(fit.params[row]),
            float(bounds[row][0]),
            float(bounds[row][1]),
            float(fit.pvalues[row]),
        )
        for row, name in enumerate(("constant", *names))
    )
    return Regression(terms, float(fit.rsquared), len(y))
