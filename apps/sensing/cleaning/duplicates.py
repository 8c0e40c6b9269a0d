"""The same reading twice in a batch, and where each stream begins in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Integers


def sort_order(batch: Batch) -> Integers:
    """Row numbers in the order (stream, time), first of equal keys kept and the others dropped."""
    order = np.lexsort((batch.times, batch.streams))
    streams, times = batch.streams[order], batch.times[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (streams[1:] != streams[:-1]) | (times[1:] != times[:-1])
    return order[is_new]


@dataclass(frozen=True, slots=True)
class Runs:
    """The rows of each stream in a sorted batch: where they begin, and how many there are."""

    starts: Integers
    lengths: Integers

    @property
    def ends(self) -> Integers:
        """The number of each run's last row."""
        return self.starts + self.lengths - 1


def runs_of(streams: Integers) -> Runs:
    """The runs of equal numbers in a sorted column that is not empty."""
    is_first: NDArray[np.bool_] = np.ones(len(streams), bool)
    np.not_equal(streams[1:], streams[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    return Runs(starts, np.diff(starts, append=len(streams)))
