"""Spikes: a causal Hampel filter (Hampel 1974; Pearson 2002), which judges a value by those before it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.duplicates import Runs, runs_of
from apps.sensing.cleaning.medians import TO_SIGMA, centres_and_deviations, sorted_columns
from apps.sensing.cleaning.memory import Previous, Recent
from apps.sensing.cleaning.rules import WIDEST, WINDOW, Rules
from apps.sensing.data import Batch, Floats, Integers

LEAST = 1e-3  # of the median's size, and of the range: quantised values often do not differ at all
CHUNK = 8192  # rows whose windows fit into the processor's own memory
Mask = NDArray[np.bool_]


class Spikes(NamedTuple):
    """Which rows are spikes, the median before each row (NaN where unknown), and the last values."""

    is_spike: Mask
    medians: Floats
    recent: tuple[Recent, ...] = ()


def spikes(batch: Batch, rules: Rules, previous: Previous, in_time: Mask) -> Spikes:
    """Judge a batch sorted by (stream, time); ``recent`` is what ``previous`` should hold after its commit.

    A spike stays among them: a new level is taken for one until it fills half of the window. A late row, and
    one without a number, neither is one nor counts.
    """
    found = Spikes(np.zeros(len(batch), bool), np.full(len(batch), np.nan))
    if rules.spike is None:
        return found
    judged = in_time & np.isfinite(rules.spike) & np.isfinite(batch.results)
    windows, recent = window_widths(rules.window, len(batch)), []
    for width in np.unique(windows[judged]).tolist():
        rows = np.flatnonzero(judged & (windows == width))
        centre, deviation, last = _before(batch.take(rows), previous, int(width))
        recent.append(last)
        limit = rules.spike[rows] * np.maximum(TO_SIGMA * deviation, _floor(centre, rules, rows))
        found.is_spike[rows] = np.abs(batch.results[rows] - centre) > limit
        found.medians[rows] = centre
    return found._replace(recent=tuple(recent))


def window_widths(window: Floats | None, count: int) -> Integers:
    """Each row's window: odd, and no wider than is remembered."""
    if window is None:
        return np.full(count, WINDOW)
    wanted = np.clip(np.where(np.isfinite(window), window, WINDOW), 3, WIDEST)
    widths: Integers = wanted.astype(np.int64) // 2 * 2 + 1
    return widths


def _floor(centre: Floats, rules: Rules, rows: Integers) -> Floats:
    """The least deviation that is believed."""
    span = rules.high[rows] - rules.low[rows]
    return LEAST * np.maximum(np.abs(centre), np.where(np.isfinite(span), span, 0)) + np.finfo(float).tiny


def _before(batch: Batch, previous: Previous, width: int) -> tuple[Floats, Floats, Recent]:
    """Median and deviation of the ``width`` values before each row, NaN where there were fewer; the last."""
    runs = runs_of(batch.streams)
    slots = previous.slots(batch.streams[runs.starts])
    previous.widen(width)
    joined, places = _joined(batch.results, runs, previous.recent[slots, -width:])
    last = Recent(batch.streams[runs.starts], joined[places[runs.ends][:, None] + np.arange(1 - width, 1)])
    centre, deviation = np.empty(len(batch)), np.empty(len(batch))
    for start in range(0, len(batch), CHUNK):
        part = places[start : start + CHUNK]
        windows = [joined[part - back] for back in range(width, 0, -1)]
        found = centres_and_deviations(sorted_columns(windows))
        centre[start : start + CHUNK], deviation[start : start + CHUNK] = found
    return centre, deviation, last


def _joined(results: Floats, runs: Runs, heads: Floats) -> tuple[Floats, Integers]:
    """Every stream's recent values and then its rows in one column, and where each row lies in it."""
    count, width = heads.shape
    places = np.arange(len(results)) + np.repeat(np.arange(1, count + 1) * width, runs.lengths)
    joined = np.empty(len(results) + heads.size)
    joined[places] = results
    fronts = runs.starts + np.arange(count) * width
    joined[fronts[:, None] + np.arange(width)] = heads
    return joined, places
