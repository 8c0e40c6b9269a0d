"""Bucket means as a matrix: one row a step, one column a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matrix:
    """``values`` (T, N) with NaN gaps; ``first`` counts buckets of ``seconds`` since 1970."""

    values: Floats
    streams: tuple[int, ...]
    first: int
    seconds: int

    @property
    def times(self) -> list[int]:
        """Unix milliseconds of the beginning of each step."""
        steps = np.arange(self.first, self.first + len(self.values))
        return (steps * self.seconds * 1000).tolist()


def matrix_of(means: Any, *, streams: tuple[int, ...], seconds: int) -> Matrix:
    """The matrix of an Arrow table ``datastream_id, bucket, mean``; no rows where there are no means."""
    buckets = means["bucket"].to_numpy().astype(np.int64)
    if not len(buckets):
        return Matrix(np.empty((0, len(streams))), streams, 0, seconds)
    first = int(buckets.min())
    values = np.full((int(buckets.max()) - first + 1, len(streams)), np.nan)
    order = np.argsort(streams)
    columns = order[np.searchsorted(np.array(streams)[order], means["datastream_id"].to_numpy())]
    values[buckets - first, columns] = means["mean"].to_numpy()
    return Matrix(values, streams, first, seconds)


def filled(column: Floats) -> Floats:
    """Gaps closed by straight lines between neighbours; the ends keep their nearest value."""
    known = np.isfinite(column)
    steps = np.arange(len(column))
    return np.interp(steps, steps[known], column[known])
