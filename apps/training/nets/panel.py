"""Many series on one clock, and the windows that a forecaster reads from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
DAY = 86_400
MONDAY = 3  # days from a Monday to 1970-01-01


@dataclass(frozen=True, slots=True)
class Panel:
    """``values`` (L, N), NaN where nothing was read; ``first`` is the wall clock of row 0 in seconds."""

    values: Floats
    first: int
    step: int

    @property
    def slots_per_day(self) -> int:
        """Number of time steps in one day."""
        return DAY // self.step

    def clock(self, rows: Indices) -> Indices:
        """Wall-clock seconds of ``rows``."""
        return self.first + rows.astype(np.int64) * self.step

    def slot(self, rows: Indices) -> Indices:
        """Time of day of ``rows``, counted in steps from midnight."""
        return self.clock(rows) % DAY // self.step

    def day(self, rows: Indices) -> Indices:
        """Weekday of ``rows``, Monday 0."""
        return (self.clock(rows) // DAY + MONDAY) % 7

    def window(self, starts: Indices, length: int) -> Floats:
        """Rows ``start .. start + length`` of every start: (W, length, N)."""
        found: Floats = self.values[starts[:, None] + np.arange(length)]
        return found


@dataclass(frozen=True, slots=True)
class Split:
    """Where each part of a panel ends: learn, choose the epoch, calibrate intervals, judge."""

    fit: int
    select: int
    calibrate: int
    test: int

    @staticmethod
    def of(length: int, *, train: float = 0.8, select: float = 0.05, calibrate: float = 0.1) -> Split:
        """``train`` of the rows (the T-GCN protocol has 0.8) is cut again into fit, select and calibrate."""
        end = int(length * train)
        return Split(int(end * (1 - select - calibrate)), int(end * (1 - calibrate)), end, length)


def starts_between(begin: int, end: int, *, history: int, horizon: int) -> Indices:
    """Starts of all windows whose targets lie in rows ``begin .. end``; their inputs may lie before."""
    return np.arange(max(begin - history, 0), end - history - horizon + 1)


def starts_tgcn(begin: int, end: int, *, history: int, horizon: int) -> Indices:
    """Starts of the test windows as T-GCN counts them: inputs inside the test part, the last one left out."""
    return np.arange(begin, end - history - horizon)


def filled(values: Floats, *, fallback: Floats) -> Floats:
    """Gaps take the last value seen before them, or ``fallback`` (N,) where there was none."""
    seen = np.isfinite(values)
    rows = np.maximum.accumulate(np.where(seen, np.arange(len(values))[:, None], -1), axis=0)
    carried = np.take_along_axis(values, np.maximum(rows, 0), axis=0)
    return np.where(rows >= 0, carried, fallback).astype(np.float32)
