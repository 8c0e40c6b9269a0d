"""What a forecast must beat: the last value, and the usual value of this time of day or week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.training.nets.panel import Floats, Indices, Panel, filled

TWO_WEEKS = 14 * 86_400


def last_value(panel: Panel, starts: Indices, *, history: int, horizon: int) -> Floats:
    """The last value seen, repeated: (W, H, N)."""
    carried = filled(panel.values, fallback=_mean(panel.values))
    return np.repeat(carried[starts + history - 1][:, None], horizon, axis=1)


@dataclass(frozen=True, slots=True)
class Profile:
    """Mean of every slot of a day (``days`` 1) or of a week (``days`` 7): ``table`` (days * slots, N)."""

    table: Floats
    days: int

    def predict(self, panel: Panel, starts: Indices, *, history: int, horizon: int) -> Floats:
        """The usual values at the target times: (W, H, N)."""
        rows = starts[:, None] + history + np.arange(horizon)
        return self.table[_cell(panel, rows, days=self.days)]


def profile_daily(panel: Panel, *, end: int) -> Profile:
    """Mean by time of day over the first ``end`` rows."""
    return Profile(_table(panel, end, days=1, fallback=_mean(panel.values[:end])), 1)


def profile_weekly(panel: Panel, *, end: int) -> Profile:
    """Mean by time of week over the first ``end`` rows; the daily profile when they span under two weeks."""
    daily = profile_daily(panel, end=end)
    if end * panel.step < TWO_WEEKS:
        return daily
    return Profile(_table(panel, end, days=7, fallback=np.tile(daily.table, (7, 1))), 7)


def _cell(panel: Panel, rows: Indices, *, days: int) -> Indices:
    return panel.day(rows) % days * panel.slots_per_day + panel.slot(rows)


def _table(panel: Panel, end: int, *, days: int, fallback: Floats) -> Floats:
    """Mean of each cell; ``fallback`` (N,) or (cells, N) where a cell was never read."""
    values = panel.values[:end]
    cells = _cell(panel, np.arange(end), days=days)
    sums = np.zeros((days * panel.slots_per_day, values.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, cells, np.nan_to_num(values))
    np.add.at(counts, cells, np.isfinite(values))
    return np.where(counts > 0, sums / np.maximum(counts, 1), fallback).astype(np.float32)


def _mean(values: Floats) -> Floats:
    """Mean of every series, 0 for one that was never read: (N,)."""
    counts = np.isfinite(values).sum(axis=0)
    means: Floats = (np.nan_to_num(values).sum(axis=0) / np.maximum(counts, 1)).astype(np.float32)
    return means
