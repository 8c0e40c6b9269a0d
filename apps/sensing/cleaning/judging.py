"""The rules together: range, step, stuck, gap, spike, clock, peers. Pure functions over columns.

A batch is judged in the order of (stream, time). What came before the batch is in ``Previous``; rows older
than that are late, and only the range and clock rules can judge them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.peers import Peers, strangers
from apps.sensing.cleaning.rules import Previous, Rules
from apps.sensing.cleaning.spikes import spikes
from apps.sensing.data import Batch, Flag, Floats, Integers, Judged, Quality

MICROSECONDS = 1_000_000
DOUBTFUL = int(Flag.STEP | Flag.STUCK | Flag.SPIKE | Flag.CLOCK | Flag.CROSS | Flag.ANOMALY)
Mask = NDArray[np.bool_]
NO_PEERS: Peers = {}


def sort_order(batch: Batch) -> Integers:
    """Row numbers in the order (stream, time), first of equal keys kept and the others dropped."""
    order = np.lexsort((batch.times, batch.streams))
    streams, times = batch.streams[order], batch.times[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (streams[1:] != streams[:-1]) | (times[1:] != times[:-1])
    return order[is_new]


def judge(
    batch: Batch, rules: Rules, previous: Previous, *, arrived: int | None = None, peers: Peers = NO_PEERS
) -> Judged:
    """Flags and quality of a batch sorted by (stream, time); ``previous`` is brought up to date.

    ``arrived`` is the moment of arrival in microseconds, for the clock rule.
    """
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
    if rules.clock is not None and arrived is not None:
        flags |= (Flag.CLOCK * ((batch.times - arrived) / MICROSECONDS > rules.clock)).astype(np.int16)
    if rules.peers is not None:
        flags |= (Flag.CROSS * strangers(batch, rules.peers, previous, peers)).astype(np.int16)
    judged = Judged(batch, quality_of(flags), flags)
    if rules.spike is not None:
        late = (before_time > 0) & ~in_order
        judged = _spikes_judged(judged, rules, previous, ~late)
    previous.remember(batch, since)
    return judged


def _spikes_judged(judged: Judged, rules: Rules, previous: Previous, in_time: Mask) -> Judged:
    """With the spikes marked and, where the rule says so, replaced by the median before them."""
    limits, mend = rules.spike, rules.mend
    rows = np.flatnonzero(np.isfinite(limits) & in_time) if limits is not None else np.empty(0, np.int64)
    if limits is None or not len(rows):
        return judged
    found = spikes(judged.batch.take(rows), limits[rows], previous.history)
    hit = rows[found.is_spike]
    flags = judged.flags.copy()
    flags[hit] |= Flag.SPIKE
    if mend is None or not (mend[hit] > 0).any():
        return replace(judged, flags=flags, quality=quality_of(flags))
    chosen = found.is_spike & (mend[rows] > 0)
    return _mended(judged, flags, rows[chosen], found.medians[chosen])


def _mended(judged: Judged, flags: NDArray[np.int16], rows: Integers, values: Floats) -> Judged:
    """The chosen rows with new values: corrected, so good again, and the first value kept beside."""
    results, raw = judged.batch.results.copy(), np.full(len(judged.batch), np.nan)
    raw[rows], results[rows] = results[rows], values
    flags[rows] |= Flag.CORRECTED
    quality = quality_of(flags)
    quality[rows] = Quality.GOOD
    return Judged(replace(judged.batch, results=results), quality, flags, raw)


def quality_of(flags: NDArray[np.int16]) -> NDArray[np.int16]:
    """Outside the range is bad; what another rule doubts is suspect; a gap before it spoils no value."""
    quality = np.where((flags & DOUBTFUL) > 0, Quality.SUSPECT, Quality.GOOD)
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
