"""A series as trend, season and rest."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from apps.analytics.methods.matrices import Floats, filled

CYCLES = 2  # of the season that a series must hold


@dataclass(frozen=True, slots=True)
class Decomposition:
    """``trend + season + rest`` is the series (gaps filled); strengths lie between 0 and 1."""

    trend: Floats
    season: Floats
    rest: Floats
    trend_strength: float
    season_strength: float


def decomposition(series: Floats, *, period: int) -> Decomposition:
    """Seasonal-trend decomposition by loess (Cleveland et al. 1990), robust against outliers.

    ``period`` is the length of the season in steps. Strengths after Hyndman and Athanasopoulos, Forecasting:
    Principles and Practice, 3rd ed., section 4.3. ValueError when the series is too short or empty.
    """
    if np.isfinite(series).sum() < CYCLES * period:
        raise ValueError("too short")
    stl = import_module("statsmodels.tsa.seasonal").STL(filled(series), period=period, robust=True).fit()
    trend, season, rest = (np.asarray(part, np.float64) for part in (stl.trend, stl.seasonal, stl.resid))
    return Decomposition(trend, season, rest, _strength(rest, trend), _strength(rest, season))


def _strength(rest: Floats, part: Floats) -> float:
    whole = float(np.var(rest + part))
    return max(0.0, 1.0 - float(np.var(rest)) / whole) if whole > 0 else 0.0
