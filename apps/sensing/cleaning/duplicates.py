"""The same reading twice in a batch, and where each stream begins in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Integers


@dataclass(frozen=True, slots=True)
class Order:
    """Row numbers of a batch in the order (stream, time), each key once.

    ``dropped`` are the other rows of keys that come more than once, ``stands`` the place in ``kept`` of the
    first row of their key.
    """

    kept: Integers
    dropped: Integers
    stands: Integers


def order_of(batch: Batch) -> Order:
    """The order of a batch; of equal keys the first is kept."""
    order = np.lexsort((batch.times, batch.streams))
    streams, times = batch.streams[order], batch.times[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (streams[1:] != streams[:-1]) | (times[1:] != times[:-1])
    if is_new.all():
        return Order(order, order[:0], order[:0])
    places = np.cumsum(is_new) - 1
    return Order(order[is_new], order[~is_new], places[~is_new])


def sort_order(batch: Batch) -> Integers:
    """Row numbers in the order (stream, time), first of equal keys kept and the others dropped."""
    return order_of(batch).kept


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
