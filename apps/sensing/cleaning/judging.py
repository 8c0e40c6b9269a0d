"""The rules together, over columns: range, step, rate, stuck, gap, spike, clock, peers.

A batch is judged in the order of (stream, time). What came before the batch is in ``Previous``; rows older
than that are late, and only the range, clock and peers rules can judge them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.clocks import skewed
from apps.sensing.cleaning.duplicates import runs_of
from apps.sensing.cleaning.gaps import gaps
from apps.sensing.cleaning.memory import Previous, Seen
from apps.sensing.cleaning.peers import Peers, strangers
from apps.sensing.cleaning.ranges import outside
from apps.sensing.cleaning.rules import Rules
from apps.sensing.cleaning.spikes import Spikes, spikes
from apps.sensing.cleaning.steps import jumps, rushes
from apps.sensing.cleaning.stuck import stuck, unchanged_since
from apps.sensing.data import Batch, Flag, Floats, Integers, Judged, Quality

MICROSECONDS = 1_000_000
DOUBTFUL = int(Flag.STEP | Flag.STUCK | Flag.SPIKE | Flag.CLOCK | Flag.CROSS | Flag.ANOMALY)
Mask = NDArray[np.bool_]
Marks = NDArray[np.int16]
NO_PEERS: Peers = {}


class Before(NamedTuple):
    """For each row the reading before it in its stream: time (0 when unknown), value, and since when."""

    times: Integers
    values: Floats
    since: Integers


class Assessed(NamedTuple):
    """A judged batch, and what is to be remembered of it once it is stored."""

    judged: Judged
    seen: Seen


def judge(
    batch: Batch,
    rules: Rules,
    previous: Previous,
    *,
    arrived: int | Integers | None = None,
    peers: Peers = NO_PEERS,
) -> Judged:
    """The verdict of ``assess`` for rows that nothing can take back: ``previous`` is brought up to date."""
    judged, seen = assess(batch, rules, previous, arrived=arrived, peers=peers)
    previous.remember(seen)
    return judged


def assess(
    batch: Batch,
    rules: Rules,
    previous: Previous,
    *,
    arrived: int | Integers | None = None,
    peers: Peers = NO_PEERS,
) -> Assessed:
    """Flags and quality of a batch sorted by (stream, time); ``previous`` knows no more than before.

    ``arrived`` is the moment of arrival in microseconds, of all rows or of each, for the clock rule;
    ``peers`` the streams of each group, for the peers rule.
    """
    if not len(batch):
        return Assessed(Judged(batch, np.empty(0, np.int16), np.empty(0, np.int16)), Seen())
    with np.errstate(invalid="ignore", over="ignore"):
        runs = runs_of(batch.streams)
        slots = previous.slots(batch.streams[runs.starts])
        before = _before(batch, previous, np.repeat(slots, runs.lengths), runs.starts)
        in_order = (before.times > 0) & (batch.times > before.times)
        changed = ~in_order | (batch.results != before.values)
        since = unchanged_since(batch, changed, runs.starts, before.since)
        flags = _flags(batch, rules, before, in_order)
        flags[stuck(batch, since, rules.stuck_after)] |= Flag.STUCK
        if arrived is not None and (rules.clock is not None or rules.late is not None):
            flags[skewed(batch.times, arrived, rules.clock, rules.late)] |= Flag.CLOCK
        if rules.peers is not None:
            flags[strangers(batch, rules, previous, peers)] |= Flag.CROSS
        found = (
            spikes(batch, rules, previous, (before.times == 0) | in_order)
            if rules.spike is not None
            else None
        )
    last = batch.take(runs.ends)
    recent = found.recent if found is not None else ()
    seen = Seen(last.streams, last.times, last.results, since[runs.ends], recent)
    return Assessed(_verdict(batch, flags, rules, found), seen)


def _before(batch: Batch, previous: Previous, slots: Integers, starts: Integers) -> Before:
    """The row before in the batch, or what is remembered where that is newer."""
    times, values, since = previous.times[slots], previous.values[slots], previous.since[slots]
    newer = np.empty(len(batch), bool)
    newer[1:] = batch.times[:-1] > times[1:]  # a late row in the batch is not the reading before
    newer[starts] = False
    times[1:] = np.where(newer[1:], batch.times[:-1], times[1:])
    values[1:] = np.where(newer[1:], batch.results[:-1], values[1:])
    return Before(times, values, since)


def _flags(batch: Batch, rules: Rules, before: Before, in_order: Mask) -> Marks:
    """Range, step, rate and gap."""
    changes, seconds = batch.results - before.values, (batch.times - before.times) / MICROSECONDS
    step = jumps(changes, rules.max_step)
    if rules.rate is not None:
        step |= rushes(changes, seconds, rules.rate)
    flags = outside(batch.results, rules.low, rules.high) * np.int16(Flag.RANGE)
    flags |= (in_order & step) * np.int16(Flag.STEP)
    if batch.marks is not None:
        flags |= batch.marks
    flags |= (in_order & gaps(seconds, rules.max_age)) * np.int16(Flag.GAP)
    return flags


def _verdict(batch: Batch, flags: Marks, rules: Rules, found: Spikes | None) -> Judged:
    """With the spikes marked and, where the rule says so, replaced by the median before them."""
    if found is not None:
        flags[found.is_spike] |= Flag.SPIKE
    quality = quality_of(flags)
    quality[np.isnan(batch.results)] = Quality.MISSING
    if found is None or rules.mend is None or not (found.is_spike & (rules.mend > 0)).any():
        return Judged(batch, quality, flags)
    rows = np.flatnonzero(found.is_spike & (rules.mend > 0))
    results, raw = batch.results.copy(), np.full(len(batch), np.nan)
    raw[rows], results[rows] = results[rows], found.medians[rows]
    flags[rows] |= Flag.CORRECTED
    quality[rows] = Quality.GOOD  # the median is as good as what it was taken from
    return Judged(replace(batch, results=results), quality, flags, raw)


def quality_of(flags: Marks) -> Marks:
    """Outside the range is bad; what another rule doubts is suspect; a gap before it spoils no value."""
    quality = ((flags & DOUBTFUL) > 0) * np.int16(Quality.SUSPECT)
    quality[(flags & Flag.RANGE) > 0] = Quality.BAD
    return quality
