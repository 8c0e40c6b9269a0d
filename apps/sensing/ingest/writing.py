"""The one write path: judge, merge, roll-ups to do, latest values, all in the caller's transaction.

What is new is counted, what was known is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from apps.sensing.cleaning.duplicates import sort_order
from apps.sensing.cleaning.judging import MICROSECONDS, judge
from apps.sensing.data import Batch, Integers, Judged
from apps.sensing.ingest.arrays import array_text
from apps.sensing.ingest.merging import rows_merge
from apps.sensing.ingest.partitions import micros, months_of, partitions_make
from apps.sensing.ingest.streams import StreamTable

HOUR = 3600 * MICROSECONDS
LATEST = """
    INSERT INTO sensing_latestvalue AS known (datastream_id, phenomenon_time, result, quality, flags)
    SELECT stream, 'epoch'::timestamptz + time * interval '1 microsecond', result, quality, flags
      FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::smallint[], %s::smallint[])
           AS row (stream, time, result, quality, flags)
      JOIN sensing_datastream ON id = stream  -- one that was deleted a moment ago must not spoil the others
    ON CONFLICT (datastream_id) DO UPDATE
       SET phenomenon_time = excluded.phenomenon_time, result = excluded.result,
           quality = excluded.quality, flags = excluded.flags
     WHERE excluded.phenomenon_time > known.phenomenon_time
        OR known.phenomenon_time > now() + interval '5 minutes'  -- left by a clock that had jumped ahead
"""
DIRTY = "INSERT INTO sensing_rollupdirty (hour, datastreams) VALUES (%s, %s::bigint[])"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the judged rows, each one's row number in the batch, and whether it was new."""

    judged: Judged
    order: Integers
    is_new: NDArray[np.bool_]

    @property
    def stored(self) -> int:
        """How many rows were new."""
        return int(self.is_new.sum())


def batch_write(cursor: Any, batch: Batch, table: StreamTable) -> Written:
    """Write a batch whose streams are all in ``table``, in the caller's transaction."""
    order = sort_order(batch)
    batch = batch.take(order)
    arrived = micros(timezone.now())
    judged = judge(batch, table.rules(batch.streams), table.previous, arrived=arrived, peers=table.peers)
    if not len(batch):
        return Written(judged, order, np.empty(0, bool))
    partitions_make(cursor, months_of(batch.times))
    written = Written(judged, order, rows_merge(cursor, judged, table))
    if written.stored:
        _mark_rollups(cursor, batch)
        _keep_latest(cursor, judged)
    return written


def _mark_rollups(cursor: Any, batch: Batch) -> None:
    """One row for each hour with the streams that changed in it: cheap to write, exact to work off."""
    hours = batch.times // HOUR
    for hour in np.unique(hours):
        streams = np.unique(batch.streams[hours == hour])
        cursor.execute(DIRTY, [_moment(int(hour) * HOUR), array_text(streams)])


def _keep_latest(cursor: Any, judged: Judged) -> None:
    """The newest reading of each stream, in id order so that two writers never wait in a ring."""
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
