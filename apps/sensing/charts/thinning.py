"""Fewer points that look like all of them.

LTTB keeps, bucket by bucket, the point that spans the largest triangle with the point kept before and the
mean of the bucket after (S. Steinarsson, Downsampling Time Series for Visual Representation, 2013, section
4.2). Min/max keeps the lowest and the highest row of each bucket. Both keep the extremes of the whole series,
and the band of lows and highs stays that of every row.
"""

from __future__ import annotations

import numpy as np

from apps.sensing.charts.points import Points
from apps.sensing.data import Floats, Integers

FEWEST = 4


def lttb(times: Floats, values: Floats, *, points: int) -> Integers:
    """The indexes of ``points`` rows, the first and the last among them; all where there are no more."""
    count = len(times)
    if count <= points or points < FEWEST:
        return np.arange(count)
    edges = (np.arange(points - 1) * ((count - 2) / (points - 2))).astype(np.int64) + 1
    spans = np.diff(np.append(edges, count))
    mean_x, mean_y = (np.add.reduceat(column, edges) / spans for column in (times, values))
    kept = np.empty(points, np.int64)
    kept[0], kept[-1] = 0, count - 1
    for place in range(points - 2):
        last, begin, end = kept[place], edges[place], edges[place + 1]
        x, y = times[last], values[last]
        rise, run = mean_y[place + 1] - y, x - mean_x[place + 1]
        area = np.abs(run * (values[begin:end] - y) - (x - times[begin:end]) * rise)
        kept[place + 1] = begin + int(np.argmax(area))
    return kept


def thinned_lttb(rows: Points, *, points: int) -> Points:
    """At most ``points`` rows chosen by LTTB, the lowest and the highest value among them."""
    rows = _usable(rows)
    if len(rows) <= points:
        return rows
    kept = lttb(rows.times.astype(np.float64), rows.values, points=points - 2)
    kept = np.union1d(kept, [np.argmin(rows.values), np.argmax(rows.values)])
    return _banded(rows, kept, rows.values[kept])


def thinned_minmax(rows: Points, *, points: int) -> Points:
    """The lowest and the highest row of each of ``points / 2`` buckets of equally many rows."""
    rows = _usable(rows)
    if len(rows) <= points:
        return rows
    group = np.arange(len(rows)) * (points // 2) // len(rows)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    lowest = np.lexsort((rows.lows, group))[starts]
    highest = np.lexsort((-rows.highs, group))[starts]
    kept = np.union1d(lowest, highest)
    is_low, is_high = np.isin(kept, lowest), np.isin(kept, highest)
    values = np.where(is_low, rows.lows[kept], rows.highs[kept])
    return _banded(rows, kept, np.where(is_low & is_high, rows.values[kept], values))


def _usable(rows: Points) -> Points:
    usable = np.isfinite(rows.values)
    return rows if usable.all() else _taken(rows, np.flatnonzero(usable))


def _taken(rows: Points, kept: Integers) -> Points:
    return Points(*(getattr(rows, name)[kept] for name in Points.__slots__))


def _banded(rows: Points, kept: Integers, values: Floats) -> Points:
    """The kept rows; each stands for the rows up to the middle of the gap to the next."""
    edges = np.concatenate(([0], (kept[1:] + kept[:-1] + 1) // 2))
    return Points(
        times=rows.times[kept],
        values=values,
        lows=np.minimum.reduceat(rows.lows, edges),
        highs=np.maximum.reduceat(rows.highs, edges),
        counts=np.add.reduceat(rows.counts, edges),
        quality=np.maximum.reduceat(rows.quality, edges),
    )
