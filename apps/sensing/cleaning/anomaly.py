"""How unusual each value of a stream is, from the values before it alone.

Three things are watched: the distance from the median of the last values, the change since the value
before, and the drift of a short mean. Each is divided by how large it commonly is at its largest, so that
the threshold adapts itself to the stream; an episode counts once.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from apps.sensing.data import Floats

WINDOW = 288  # values: a day at five minutes
SHORT = 10  # values of the short mean
MEMORY = 3000  # values by which one is called unusual
WARM = 60  # values before anything is called so
EVERY = 25  # values after which the measure of the usual is taken anew
LARGE = 0.99  # its quantile
HUGE = 1e100  # no measurement: sums of such values overflow
EPISODE = 60  # values for which only a larger surprise is a new one


def anomaly_scores(values: Floats) -> Floats:
    """A score of 0 or more for each value (n,) in time order; about 1 is unusual, 3 very unusual.

    A missing value repeats the one before. No score looks ahead: more values change none that was given.
    """
    if not len(values):
        return np.zeros(0)
    known = _filled(values)
    short = _mean(known, SHORT)
    watched = (
        (known - _median_before(known), WINDOW),
        (known - _back(known, 1), 1),
        (short - _back(_mean(known, WINDOW), SHORT), WINDOW),
    )
    surprise = np.sum([np.log1p(_unusual(np.abs(part), start)) for part, start in watched], axis=0)
    return _first_of_episode(surprise)


def _filled(values: Floats) -> Floats:
    """Without gaps: the last finite value, before the first one itself."""
    finite = np.abs(values) < HUGE  # false for NaN too
    if not finite.any():
        return np.zeros(len(values))
    last = np.maximum.accumulate(np.where(finite, np.arange(len(values)), 0))
    filled = values[last]
    return np.where(finite[last], filled, values[np.argmax(finite)])


def _back(values: Floats, steps: int) -> Floats:
    """Each value as it was ``steps`` before; the first one before the beginning."""
    return np.concatenate([np.full(steps, values[0]), values])[: len(values)]


def _mean(values: Floats, width: int) -> Floats:
    """The mean of the last ``width`` values, of fewer at the beginning."""
    sums = np.cumsum(np.concatenate([[0.0], values - values[0]]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    means: Floats = (sums[ends] - sums[starts]) / (ends - starts) + values[0]
    return means


def _median_before(values: Floats) -> Floats:
    """The median of the ``WINDOW`` values before each; the value itself where there were fewer."""
    medians = values.copy()
    if len(values) > WINDOW:
        medians[WINDOW:] = np.median(sliding_window_view(values, WINDOW)[:-1], axis=1)
    return medians


def _unusual(sizes: Floats, start: int) -> Floats:
    """Sizes divided by how large they commonly are at their largest, and by their mean.

    They count from row ``start`` on, and are judged once ``WARM`` of them are known.
    """
    large = np.full(len(sizes), np.inf)
    for row in range(start + WARM, len(sizes), EVERY):
        large[row : row + EVERY] = np.quantile(sizes[max(start, row - MEMORY) : row], LARGE)
    counted = np.where(np.arange(len(sizes)) < start, 0.0, sizes)
    mean = np.cumsum(counted) / np.maximum(np.arange(len(sizes)) - start + 1, 1)
    return counted / (large + mean + np.finfo(float).tiny)


def _first_of_episode(scores: Floats) -> Floats:
    """Scores that are higher than all of the last ``EPISODE`` ones, and 0 elsewhere."""
    padded = np.concatenate([np.zeros(EPISODE), scores])
    highest = sliding_window_view(padded, EPISODE)[:-1].max(axis=1)
    return np.where(scores > highest, scores, 0.0)
