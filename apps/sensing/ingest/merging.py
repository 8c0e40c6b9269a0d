"""Rows into the keyed table: each key once, whoever else writes at the same moment.

The optimistic COPY goes straight into the table; only when a key exists already does the batch take the
slower way by a staging table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg.errors import CheckViolation, UniqueViolation

from apps.sensing.data import Judged
from apps.sensing.ingest.copying import copy_bytes, copy_names
from apps.sensing.ingest.partitions import months_of, partitions_make
from apps.sensing.ingest.streams import StreamTable

Mask = NDArray[np.bool_]
STAGE = """
    CREATE TEMP TABLE IF NOT EXISTS sensing_stage (
        datastream_id bigint, phenomenon_time timestamptz, result float8, quality smallint, flags smallint,
        raw float8
    ) ON COMMIT DELETE ROWS
"""
KNOWN = """
    SELECT datastream_id, (extract(epoch FROM phenomenon_time) * 1000000)::bigint
      FROM sensing_stage JOIN sensing_observation USING (datastream_id, phenomenon_time)
"""
MERGE = """
    WITH new AS (
        INSERT INTO sensing_observation (datastream_id, phenomenon_time, result, quality, flags, raw)
        SELECT datastream_id, phenomenon_time, result, quality, flags, raw FROM sensing_stage
         ORDER BY datastream_id, phenomenon_time
        ON CONFLICT DO NOTHING
        RETURNING datastream_id, phenomenon_time
    ), repeated AS (
        SELECT datastream_id, phenomenon_time FROM sensing_stage
        EXCEPT SELECT datastream_id, phenomenon_time FROM new
    )
    SELECT datastream_id, (extract(epoch FROM phenomenon_time) * 1000000)::bigint FROM repeated
"""


def rows_merge(cursor: Any, judged: Judged, table: StreamTable) -> Mask:
    """Write what is not there yet, in the caller's transaction; returns which rows were new."""
    if judged.raw is None:
        return _copy(cursor, judged, table)
    is_new = np.empty(len(judged.batch), bool)
    for has_raw in (False, True):
        rows = np.flatnonzero(np.isfinite(judged.raw) == has_raw)
        if len(rows):
            part = judged.take(rows)
            is_new[rows] = _copy(cursor, part if has_raw else replace(part, raw=None), table)
    return is_new


def _copy(cursor: Any, judged: Judged, table: StreamTable) -> Mask:
    """Which rows were new. Replays come in runs, so after one the known keys are looked up first.

    COPY of the unknown rows is twice as fast as ON CONFLICT, which only a race with another writer needs.
    """
    if not table.repeats and _copy_optimistic(cursor, judged):
        return np.ones(len(judged.batch), bool)
    cursor.execute(STAGE)
    cursor.execute("TRUNCATE sensing_stage")
    _copy_into(cursor, "sensing_stage", judged)
    is_new = _absent(judged, cursor.execute(KNOWN).fetchall())
    table.repeats = not is_new.all()
    if is_new.any() and not _copy_optimistic(cursor, judged.take(np.flatnonzero(is_new))):
        is_new = _absent(judged, cursor.execute(MERGE).fetchall())
    return is_new


def _absent(judged: Judged, keys: Iterable[tuple[int, int]]) -> Mask:
    """The rows whose key is not among ``keys``."""
    known = set(keys)
    rows = zip(judged.batch.streams.tolist(), judged.batch.times.tolist(), strict=True)
    return np.fromiter((row not in known for row in rows), bool, len(judged.batch))


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
