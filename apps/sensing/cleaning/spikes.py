"""Spikes: a causal Hampel filter (Hampel 1974; Pearson 2002), which judges a value by those before it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.rules import WINDOW, History
from apps.sensing.data import Batch, Floats, Integers

TO_SIGMA = 1.4826  # median absolute deviation of normal values -> their standard deviation
LEAST = 1e-3  # of the median's size: quantised values often do not differ at all
Mask = NDArray[np.bool_]


class Spikes(NamedTuple):
    """Which rows are spikes, and the median before each row (NaN where it is not known yet)."""

    is_spike: Mask
    medians: Floats


def spikes(batch: Batch, limits: Floats, history: History) -> Spikes:
    """Judge a batch sorted by (stream, time); ``limits`` in robust deviations; ``history`` follows.

    A spike stays in the history: a new level is taken for one until it fills half of the window.
    """
    starts = np.flatnonzero(np.append([True], batch.streams[1:] != batch.streams[:-1]))
    known = [history.get(stream, np.empty(0)) for stream in batch.streams[starts].tolist()]
    padded = [np.concatenate([np.full(WINDOW - len(values), np.nan), values]) for values in known]
    lengths = np.diff(np.append(starts, len(batch)))
    windows = _windows(batch.results, starts, lengths, padded)
    _remember(batch, starts, lengths, padded, history)
    medians, scales = _centre_and_scale(windows)
    with np.errstate(invalid="ignore"):
        is_spike = np.abs(batch.results - medians) > limits * scales
    return Spikes(is_spike, medians)


def _windows(results: Floats, starts: Integers, lengths: Integers, padded: list[Floats]) -> Floats:
    """(n, WINDOW): the values before each row in its stream, NaN where there were none."""
    parts = [
        part
        for start, length, head in zip(starts, lengths, padded, strict=True)
        for part in (head, results[start : start + length])
    ]
    joined = np.concatenate(parts)
    shift = np.repeat(np.arange(1, len(starts) + 1) * WINDOW, lengths)
    rows = np.arange(len(results)) + shift  # where each row lies in the joined column
    return joined[rows[:, None] + np.arange(-WINDOW, 0)]


def _centre_and_scale(windows: Floats) -> tuple[Floats, Floats]:
    """Median and robust deviation of each full window, NaN for the others (a sort puts NaN last)."""
    middle = WINDOW // 2
    ordered = np.sort(windows, axis=1)
    centre = np.where(np.isnan(ordered[:, -1]), np.nan, ordered[:, middle])
    deviations = np.sort(np.abs(windows - centre[:, None]), axis=1)[:, middle]
    return centre, np.maximum(TO_SIGMA * deviations, LEAST * np.abs(centre) + np.finfo(np.float64).tiny)


def _remember(
    batch: Batch, starts: Integers, lengths: Integers, padded: list[Floats], history: History
) -> None:
    for start, length, head in zip(starts.tolist(), lengths.tolist(), padded, strict=True):
        end = start + length
        tail = batch.results[max(start, end - WINDOW) : end]
        joined = np.concatenate([head, tail])[-WINDOW:]
        history[int(batch.streams[start])] = joined[np.isfinite(joined)]
