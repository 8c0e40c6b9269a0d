"""Quality rules as pure functions over columns: range, step, stuck, gap.

A batch is judged in the order of (stream, time). What came before the batch is in ``Previous``; rows older
than that are late, and only the range rule can judge them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Flag, Floats, Integers, Judged, Quality

MICROSECONDS = 1_000_000
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of each row's stream, as columns; NaN where a rule does not apply. Times in seconds."""

    low: Floats
    high: Floats
    max_step: Floats
    stuck_after: Floats
    max_age: Floats


@dataclass
class Previous:
    """The last reading of each stream: time, value, and since when the value is the same."""

    last: dict[int, tuple[int, float, int]] = field(default_factory=dict)

    def columns(self, streams: Integers) -> tuple[Integers, Floats, Integers]:
        """Last time (0 when unknown), value (NaN) and unchanged-since for each row's stream."""
        unique, where = np.unique(streams, return_inverse=True)
        known = [self.last.get(int(stream), (0, np.nan, 0)) for stream in unique]
        times = np.array([item[0] for item in known], np.int64)
        values = np.array([item[1] for item in known], np.float64)
        since = np.array([item[2] for item in known], np.int64)
        return times[where], values[where], since[where]

    def hear(self, stream: int, time: int, value: float) -> None:
        """Another process has stored a reading: what this one remembers must not be older."""
        last, before, since = self.last.get(stream, (0, value, time))
        if time > last:
            self.last[stream] = (time, value, since if value == before else time)

    def remember(self, batch: Batch, since: Integers) -> None:
        """Keep the newest reading of each stream of a batch sorted by (stream, time)."""
        is_last = (
            np.append(batch.streams[1:] != batch.streams[:-1], [True]) if len(batch) else np.empty(0, bool)
        )
        for row in np.flatnonzero(is_last):
            stream, time = int(batch.streams[row]), int(batch.times[row])
            if time > self.last.get(stream, (0,))[0]:
                self.last[stream] = (time, float(batch.results[row]), int(since[row]))


def sort_order(batch: Batch) -> Integers:
    """Row numbers in the order (stream, time), first of equal keys kept and the others dropped."""
    order = np.lexsort((batch.times, batch.streams))
    streams, times = batch.streams[order], batch.times[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (streams[1:] != streams[:-1]) | (times[1:] != times[:-1])
    return order[is_new]


def judge(batch: Batch, rules: Rules, previous: Previous) -> Judged:
    """Flags and quality of a batch sorted by (stream, time); ``previous`` is brought up to date."""
    if not len(batch):
        return Judged(batch, np.empty(0, np.int16), np.empty(0, np.int16))
    before_time, before_value, before_since = _before(batch, previous)
    in_order = (before_time > 0) & (batch.times > before_time)
    since = _unchanged_since(batch, before_value, before_since, in_order)
    seconds = (batch.times - before_time) / MICROSECONDS
    with np.errstate(invalid="ignore"):
        flags = (
            Flag.RANGE * ((batch.results < rules.low) | (batch.results > rules.high))
            + Flag.STEP * (in_order & (np.abs(batch.results - before_value) > rules.max_step))
            + Flag.STUCK * ((batch.times - since) / MICROSECONDS > rules.stuck_after)
            + Flag.GAP * (in_order & (seconds > rules.max_age))
        ).astype(np.int16)
    previous.remember(batch, since)
    return Judged(batch, quality_of(flags), flags)


def quality_of(flags: NDArray[np.int16]) -> NDArray[np.int16]:
    """Outside the range is bad; a jump or a stuck value is suspect; a gap before it spoils no value."""
    suspect = (flags & (Flag.STEP | Flag.STUCK)) > 0
    quality = np.where(suspect, Quality.SUSPECT, Quality.GOOD)
    return np.where((flags & Flag.RANGE) > 0, Quality.BAD, quality).astype(np.int16)


def _before(batch: Batch, previous: Previous) -> tuple[Integers, Floats, Integers]:
    """For each row the reading before it in its stream: in the batch, or from ``previous``."""
    times, values, since = previous.columns(batch.streams)
    follows = np.zeros(len(batch), bool)
    follows[1:] = batch.streams[1:] == batch.streams[:-1]
    newer = follows.copy()
    newer[1:] &= batch.times[:-1] > times[1:]  # a late row in the batch is not the reading before
    shifted = np.roll(batch.times, 1), np.roll(batch.results, 1)
    return np.where(newer, shifted[0], times), np.where(newer, shifted[1], values), since


def _unchanged_since(batch: Batch, before_value: Floats, before_since: Integers, in_order: Mask) -> Integers:
    """Since when each row's value is the same; a row without a known reading before it starts anew."""
    rows = np.arange(len(batch))
    starts = np.ones(len(batch), bool)
    starts[1:] = batch.streams[1:] != batch.streams[:-1]
    changed = ~in_order | (batch.results != before_value)
    run = np.maximum.accumulate(np.where(starts | changed, rows, 0))
    carried = starts[run] & ~changed[run]  # the run goes on from before the batch
    since: Integers = np.where(carried, before_since, batch.times[run])
    return since
