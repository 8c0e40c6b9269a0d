"""What a process that starts must know of the readings before it: the last values of each stream.

Without them the first readings after a restart would pass the stuck and the spike rule unseen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from apps.sensing.cleaning.memory import Recent, Seen
from apps.sensing.cleaning.rules import RULES, WIDEST
from apps.sensing.data import Floats, Integers
from apps.sensing.ingest.arrays import array_text

REMEMBERING = [RULES.index("stuck_after"), RULES.index("spike")]  # the rules that look further back than one
LAST = """
    SELECT stream, (extract(epoch FROM last.phenomenon_time) * 1000000)::bigint,
           coalesce(last.raw, last.result, 'NaN')
      FROM unnest(%(streams)s::bigint[]) AS stream
      JOIN sensing_latestvalue latest ON latest.datastream_id = stream
     CROSS JOIN LATERAL (
           SELECT phenomenon_time, raw, result FROM sensing_observation
            WHERE datastream_id = stream AND phenomenon_time <= latest.phenomenon_time
              AND phenomenon_time > latest.phenomenon_time - interval '31 days'
            ORDER BY phenomenon_time DESC LIMIT %(most)s) last
     ORDER BY stream, last.phenomenon_time
"""
CHANGED = """
    SELECT coalesce((extract(epoch FROM min(phenomenon_time)) * 1000000)::bigint, %(since)s)
      FROM sensing_observation
     WHERE datastream_id = %(stream)s
       AND phenomenon_time > 'epoch'::timestamptz + %(start)s * interval '1 microsecond'
       AND phenomenon_time > coalesce((
           SELECT max(phenomenon_time) FROM sensing_observation
            WHERE datastream_id = %(stream)s
              AND phenomenon_time > 'epoch'::timestamptz + %(start)s * interval '1 microsecond'
              AND coalesce(raw, result) IS DISTINCT FROM %(value)s), '-infinity')
"""


def streams_recall(cursor: Any, streams: Integers, limits: Floats) -> Seen:
    """The memory of some streams as if this process had stored their readings itself.

    ``limits`` are theirs; streams without a rule that looks back are left out. A value that has been the same
    for longer than the stuck rule asks is looked for no further back than that.
    """
    wanted = np.isfinite(limits[:, REMEMBERING]).any(axis=1)
    streams, stuck_after = streams[wanted], limits[wanted, RULES.index("stuck_after")]
    if not len(streams):
        return Seen()
    cursor.execute(LAST, {"streams": array_text(streams), "most": WIDEST})
    rows = np.array(cursor.fetchall(), dtype=[("stream", "i8"), ("time", "i8"), ("value", "f8")])
    if not len(rows):
        return Seen()
    known, starts = np.unique(rows["stream"], return_index=True)
    parts = np.split(rows, starts[1:])
    patience = stuck_after[np.searchsorted(streams, known)]
    since = [_since(cursor, part, after) for part, after in zip(parts, patience.tolist(), strict=True)]
    last = rows[np.append(starts[1:], len(rows)) - 1]
    recent = np.full((len(known), WIDEST), np.nan)
    for number, part in enumerate(parts):
        values = part["value"][np.isfinite(part["value"])]
        recent[number, WIDEST - len(values) :] = values
    times, values = last["time"].astype(np.int64), last["value"].astype(np.float64)
    return Seen(known, times, values, np.array(since, np.int64), (Recent(known, recent),))


def _since(cursor: Any, part: Any, stuck_after: float) -> int:
    """Since when the last value of a stream is the same, in microseconds."""
    other = np.flatnonzero(part["value"] != part["value"][-1])
    if len(other) and other[-1] < len(part) - 1:
        return int(part["time"][other[-1] + 1])
    first = int(part["time"][0])
    if len(part) < WIDEST or not np.isfinite(stuck_after):
        return first
    start = int(part["time"][-1]) - 2 * int(stuck_after * 1e6)
    if start >= first:
        return first
    stream, value = int(part["stream"][0]), float(part["value"][-1])
    cursor.execute(CHANGED, {"stream": stream, "start": start, "value": value, "since": first})
    return int(cursor.fetchone()[0])
