"""The one write path: judge, merge, roll-ups to do, latest values, all in the caller's transaction.

What is new is counted, what was known is left as it is, and another value for a known moment is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from apps.sensing.cleaning.duplicates import Order, order_of
from apps.sensing.cleaning.judging import MICROSECONDS, assess
from apps.sensing.cleaning.memory import Previous, Seen
from apps.sensing.cleaning.rules import Rules, rules_of
from apps.sensing.data import Batch, Conflict, Flag, Floats, Integers, Judged, batches_joined
from apps.sensing.ingest.arrays import array_text
from apps.sensing.ingest.decoding import Decoded
from apps.sensing.ingest.merging import Mask, Merged, rows_merge
from apps.sensing.ingest.partitions import micros, months_of, partitions_make
from apps.sensing.ingest.streams import KnownStreams

HOUR = 3600 * MICROSECONDS
LATEST = """
    INSERT INTO sensing_latestvalue AS known (datastream_id, phenomenon_time, result, quality, flags)
    SELECT stream, 'epoch'::timestamptz + time * interval '1 microsecond', result, quality, flags
      FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::smallint[], %s::smallint[])
           AS row (stream, time, result, quality, flags)
      JOIN sensing_datastream ON id = stream  -- one that was deleted a moment ago must not spoil the others
     ORDER BY stream  -- whatever the plan: two writers must lock rows in one order
    ON CONFLICT (datastream_id) DO UPDATE
       SET phenomenon_time = excluded.phenomenon_time, result = excluded.result,
           quality = excluded.quality, flags = excluded.flags
     WHERE excluded.phenomenon_time > known.phenomenon_time
        OR known.phenomenon_time > now() + interval '5 minutes'  -- left by a clock that had jumped ahead
"""
DIRTY = "INSERT INTO sensing_rollupdirty (hour, datastreams) VALUES (%s, %s::bigint[])"


Marks = NDArray[np.int16] | None
CLOSE = 1e-9  # values nearer than this, relatively, differ by the rounding of a conversion


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the judged rows, each one's row number in the batch, and whether it was new.

    ``conflicts`` are rows of the batch with another value than the stored one, ``kept`` the stored ones,
    ``seen`` what the rules are to remember once the transaction is committed.
    """

    judged: Judged
    order: Integers
    is_new: Mask
    conflicts: Integers
    kept: Floats
    seen: Seen

    @property
    def news(self) -> Judged:
        """The rows that were new."""
        return self.judged if self.is_new.all() else self.judged.take(np.flatnonzero(self.is_new))


def batch_write(
    cursor: Any, parts: Sequence[Decoded], known: KnownStreams, *, previous: Previous | None = None
) -> Written:
    """Write the readings of some bodies as one batch, in the caller's transaction.

    ``previous`` is what came before, if that is not what ``known`` has seen.
    """
    whole = batches_joined([part.batch for part in parts])
    order = order_of(whole)
    batch = whole.take(order.kept)
    rules = rules_of(known.table.limits_of(batch.streams, [part.table for part in parts]))
    previous, arrived = previous or known.previous, micros(timezone.now())
    judged, seen = assess(batch, rules, previous, arrived=arrived, peers=known.table.peers)
    if not len(batch):
        return Written(judged, order.kept, np.empty(0, bool), order.kept, np.empty(0), seen)
    partitions_make(cursor, months_of(batch.times))
    merged = rows_merge(cursor, judged, known)
    if merged.is_new.any():
        news = judged if merged.is_new.all() else judged.take(np.flatnonzero(merged.is_new))
        _mark_rollups(cursor, news.batch)
        _keep_latest(cursor, news)
    is_other = _is_other(batch.results, batch.marks, merged)
    if is_other.any():
        seen = _seen_of(batch, rules, previous, np.flatnonzero(~is_other))
    conflicts, kept = _conflicts(whole, order, merged, is_other)
    return Written(judged, order.kept, merged.is_new, conflicts, kept, seen)


def _is_other(results: Floats, marks: Marks, merged: Merged) -> Mask:
    """Rows with neither the value that is stored now nor the one that came then."""
    return ~merged.is_new & _differ(results, merged.now, marks) & _differ(results, merged.came, marks)


def _differ(results: Floats, stored: Floats, marks: Marks) -> Mask:
    """Where two columns differ by more than the rounding of a conversion, which near zero is absolute."""
    nearest = CLOSE * np.abs(stored)
    if marks is not None:
        nearest += np.where(marks & Flag.CONVERTED, CLOSE, 0)
    both_missing = np.isnan(results) & np.isnan(stored)
    with np.errstate(invalid="ignore"):
        same: Mask = (np.abs(results - stored) <= nearest) | (results == stored) | both_missing
    return ~same


def _seen_of(batch: Batch, rules: Rules, previous: Previous, rows: Integers) -> Seen:
    """What the rules have seen when only these rows count."""
    return assess(batch.take(rows), rules.take(rows), previous).seen


def _conflicts(whole: Batch, order: Order, merged: Merged, is_other: Mask) -> tuple[Integers, Floats]:
    """Rows of the whole batch with another value than the stored one, and that one; in the batch's order."""
    rows, kept = order.kept[is_other], merged.now[is_other]
    if len(order.dropped):
        first = whole.results[order.kept][order.stands]
        is_first = merged.is_new[order.stands]
        marks = None if whole.marks is None else whole.marks[order.dropped]
        now, came = (np.where(is_first, first, column[order.stands]) for column in (merged.now, merged.came))
        results = whole.results[order.dropped]
        other = _differ(results, now, marks) & _differ(results, came, marks)
        rows, kept = np.append(rows, order.dropped[other]), np.append(kept, now[other])
    turn = np.argsort(rows, kind="stable")
    return rows[turn], kept[turn]


def conflicts_of(batch: Batch, rows: Integers, kept: Floats) -> tuple[Conflict, ...]:
    """Rows of a batch, which are numbered as their sender numbered them, as conflicts."""
    columns = (batch.numbers()[rows], batch.streams[rows], batch.times[rows], batch.results[rows], kept)
    return tuple(Conflict(*cells) for cells in zip(*(column.tolist() for column in columns), strict=True))


def _mark_rollups(cursor: Any, batch: Batch) -> None:
    """One row for each hour with the streams that changed in it: cheap to write, exact to work off."""
    hours = batch.times // HOUR
    for hour in np.unique(hours):
        streams = np.unique(batch.streams[hours == hour])
        cursor.execute(DIRTY, [_moment(int(hour) * HOUR), array_text(streams)])


def _keep_latest(cursor: Any, judged: Judged) -> None:
    """The newest new reading of each stream."""
    batch = judged.batch
    rows = np.flatnonzero(np.append(batch.streams[1:] != batch.streams[:-1], [True]))
    cursor.execute(
        LATEST,
        [
            array_text(column[rows])
            for column in (batch.streams, batch.times, batch.results, judged.quality, judged.flags)
        ],
    )


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / MICROSECONDS, UTC)
