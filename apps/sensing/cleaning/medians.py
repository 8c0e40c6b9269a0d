"""Medians of many small samples at once, without a loop over rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from apps.sensing.data import Floats, Integers

TO_SIGMA = 1.4826  # median absolute deviation of normal values -> their standard deviation
NETWORK = 16  # up to this width comparing columns is faster than sorting rows


def sorted_columns(columns: Sequence[Floats]) -> Sequence[Floats]:
    """w columns of n with each of the n samples in order; NaN in a sample leaves NaN in its middle.

    A short sample is sorted by a network of minima and maxima (odd-even transposition, Knuth 5.3.4), which
    handles all samples in one step.
    """
    if len(columns) > NETWORK:
        ordered = np.sort(np.stack(columns), axis=0)
        ordered[:, np.isnan(ordered[-1])] = np.nan
        return list(ordered)
    rows = list(columns)
    for turn in range(len(rows)):
        for place in range(turn % 2, len(rows) - 1, 2):
            first, second = rows[place], rows[place + 1]
            rows[place], rows[place + 1] = np.minimum(first, second), np.maximum(first, second)
    return rows


def centres_and_deviations(ordered: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Median and median absolute deviation of n samples in order, as w columns, w odd.

    The half of a sample that is nearest to its median lies side by side in the order, so the deviation is
    the smallest reach of such a run.
    """
    middle = len(ordered) // 2
    centre = ordered[middle]
    reach = np.full(len(centre), np.inf)
    for start in range(middle + 1):
        ends = np.maximum(centre - ordered[start], ordered[start + middle] - centre)
        reach = np.minimum(reach, ends)
    return centre, reach


def grouped_medians(values: Floats, groups: Integers, count: int) -> Floats:
    """The median of the values of each group 0 to ``count`` - 1, every one of which has values."""
    order = np.lexsort((values, groups))
    sizes = np.bincount(groups, minlength=count)
    first = np.cumsum(sizes) - sizes
    ordered = values[order]
    medians: Floats = (ordered[first + (sizes - 1) // 2] + ordered[first + sizes // 2]) / 2
    return medians
