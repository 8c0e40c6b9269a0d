"""Rows into the keyed table: each key once, whoever else writes at the same moment.

The optimistic COPY goes straight into the table; only when a key exists already does the batch take the
slower way by a staging table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg.errors import CheckViolation, UniqueViolation

from apps.sensing.data import Floats, Judged
from apps.sensing.ingest.copying import copy_bytes, copy_names
from apps.sensing.ingest.partitions import months_of, partitions_make
from apps.sensing.ingest.streams import KnownStreams

Mask = NDArray[np.bool_]
STAGE = """
    CREATE TEMP TABLE IF NOT EXISTS sensing_stage (
        datastream_id bigint, phenomenon_time timestamptz, result float8, quality smallint, flags smallint,
        raw float8
    ) ON COMMIT DELETE ROWS
"""
KNOWN = """
    SELECT datastream_id, (extract(epoch FROM phenomenon_time) * 1000000)::bigint,
           coalesce(known.result, 'NaN'), coalesce(known.raw, known.result, 'NaN')
      FROM sensing_stage JOIN sensing_observation known USING (datastream_id, phenomenon_time)
"""
MERGE = """
    INSERT INTO sensing_observation (datastream_id, phenomenon_time, result, quality, flags, raw)
    SELECT datastream_id, phenomenon_time, result, quality, flags, raw FROM sensing_stage
     ORDER BY datastream_id, phenomenon_time
    ON CONFLICT DO NOTHING
    RETURNING datastream_id, (extract(epoch FROM phenomenon_time) * 1000000)::bigint
"""
Known = dict[tuple[int, int], tuple[float, float]]  # (stream, time) -> the value now, and as it came


@dataclass(frozen=True, slots=True)
class Merged:
    """Which rows were new, and of the others the stored value: as it is now, and as it came (NaN if new)."""

    is_new: Mask
    now: Floats
    came: Floats


def rows_merge(cursor: Any, judged: Judged, known: KnownStreams) -> Merged:
    """Write what is not there yet, in the caller's transaction."""
    if judged.raw is None:
        return _copy(cursor, judged, known)
    count = len(judged.batch)
    found = Merged(np.empty(count, bool), np.empty(count), np.empty(count))
    for has_raw in (False, True):
        rows = np.flatnonzero(np.isfinite(judged.raw) == has_raw)
        if len(rows):
            part = judged.take(rows)
            done = _copy(cursor, part if has_raw else replace(part, raw=None), known)
            found.is_new[rows], found.now[rows], found.came[rows] = done.is_new, done.now, done.came
    return found


def _copy(cursor: Any, judged: Judged, known: KnownStreams) -> Merged:
    """Replays come in runs, so after one the known keys are looked up first.

    COPY of the unknown rows is twice as fast as ON CONFLICT, which only a race with another writer needs.
    """
    if not known.repeats and _copy_optimistic(cursor, judged):
        return _merged(judged, {})
    cursor.execute(STAGE)
    cursor.execute("TRUNCATE sensing_stage")
    _copy_into(cursor, "sensing_stage", judged)
    found = _merged(judged, _known(cursor))
    known.repeats = not found.is_new.all()
    if not found.is_new.any() or _copy_optimistic(cursor, judged.take(np.flatnonzero(found.is_new))):
        return found
    written = set(cursor.execute(MERGE).fetchall())
    return _merged(judged, {key: values for key, values in _known(cursor).items() if key not in written})


def _known(cursor: Any) -> Known:
    """The staged keys that are in the table."""
    return {(stream, time): (now, came) for stream, time, now, came in cursor.execute(KNOWN).fetchall()}


def _merged(judged: Judged, known: Known) -> Merged:
    """What is stored for each row, of those that are ``known``."""
    count = len(judged.batch)
    found = Merged(np.ones(count, bool), np.full(count, np.nan), np.full(count, np.nan))
    if known:
        keys = list(zip(judged.batch.streams.tolist(), judged.batch.times.tolist(), strict=True))
        found.is_new[:] = np.fromiter((key not in known for key in keys), bool, count)
        rows = np.flatnonzero(~found.is_new)
        found.now[rows], found.came[rows] = np.array([known[keys[row]] for row in rows.tolist()]).T
    return found


def _copy_optimistic(cursor: Any, judged: Judged) -> bool:
    cursor.execute("SAVEPOINT optimistic")
    try:
        _copy_into(cursor, "sensing_observation", judged)
    except UniqueViolation:
        cursor.execute("ROLLBACK TO SAVEPOINT optimistic")
        return False
    except CheckViolation:  # the month was archived between the look at its partition and now
        cursor.execute("ROLLBACK TO SAVEPOINT optimistic")
        partitions_make(cursor, months_of(judged.batch.times))
        return False
    return True


def _copy_into(cursor: Any, table: str, judged: Judged) -> None:
    columns = ", ".join(copy_names(judged))
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(copy_bytes(judged))
