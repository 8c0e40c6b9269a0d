"""Where a system is held up: the active-period method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.analytics.methods.matrices import Integers

Busy = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One column: share of the steps in which it held up the system, alone or in turn with another."""

    column: int
    sole: float
    shifting: float
    busy: float
    longest: int  # steps of its longest active period


def bottlenecks(busy: Busy) -> list[Bottleneck]:
    """The columns of ``busy`` (T, N), the worst first.

    Roser, Nakano and Tanaka, "A practical bottleneck detection method" (WSC 2001) and "Shifting bottleneck
    detection" (WSC 2002): at any time the bottleneck is what has the longest uninterrupted active period;
    where the period of the next one overlaps it, the bottleneck shifts. Steps without any activity have none.
    """
    if not len(busy):
        return []
    lengths = active_lengths(busy)
    holder = np.where(busy.any(axis=1), lengths.argmax(axis=1), -1)
    sole, shifting = _sole_and_shifting(busy, holder)
    found = [
        Bottleneck(
            column,
            float((sole & (holder == column)).mean()),
            float(shifting[:, column].mean()),
            float(busy[:, column].mean()),
            int(lengths[:, column].max()),
        )
        for column in range(busy.shape[1])
    ]
    return sorted(found, key=lambda item: (-item.sole - item.shifting, -item.busy))


def active_lengths(busy: Busy) -> Integers:
    """For each step the length in steps of the active period that it lies in; 0 where idle."""
    lengths = np.zeros(busy.shape, np.int64)
    for column in range(busy.shape[1]):
        edges = np.diff(np.concatenate([[0], busy[:, column].astype(np.int8), [0]]))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        lengths[busy[:, column], column] = np.repeat(ends - starts, ends - starts)
    return lengths


def _sole_and_shifting(busy: Busy, holder: Integers) -> tuple[Busy, Busy]:
    """Steps with one bottleneck alone, and for each column the steps in which it takes part in a shift.

    A shift from one holder to the next lasts while the active periods of both overlap.
    """
    shifting = np.zeros(busy.shape, bool)
    changes = (holder[1:] != holder[:-1]) & (holder[1:] >= 0) & (holder[:-1] >= 0)
    for step in (np.flatnonzero(changes) + 1).tolist():
        pair = [int(holder[step - 1]), int(holder[step])]
        both = busy[:, pair[0]] & busy[:, pair[1]]
        if both[step - 1] or both[step]:
            begin, end = _run(both, step if both[step] else step - 1)
            shifting[begin:end, pair] = True
    return (holder >= 0) & ~shifting.any(axis=1), shifting


def _run(both: Busy, step: int) -> tuple[int, int]:
    """Begin and end (excluded) of the run of true steps around ``step``."""
    before = np.flatnonzero(~both[:step])
    after = np.flatnonzero(~both[step:])
    return (int(before[-1]) + 1 if len(before) else 0), (step + int(after[0]) if len(after) else len(both))
