"""Versions of observations in the table: read them, replace them, put them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np

from apps.sensing.cleaning.edits import Versions
from apps.sensing.data import Floats
from apps.sensing.ingest.arrays import array_text

READ = """
    SELECT (extract(epoch FROM phenomenon_time) * 1000000)::bigint, result, raw, quality, flags
      FROM sensing_observation
     WHERE datastream_id = %(stream)s AND phenomenon_time BETWEEN %(start)s AND %(end)s
     ORDER BY phenomenon_time LIMIT %(limit)s FOR UPDATE
"""
NEIGHBOUR = """
    SELECT phenomenon_time, result FROM sensing_observation
     WHERE datastream_id = %s AND phenomenon_time {sign} %s AND quality < 2
     ORDER BY phenomenon_time {order} LIMIT 1
"""
MOMENT = """
    SELECT greatest(clock_timestamp(), max(recorded_at) + interval '1 microsecond') FROM sensing_observation
     WHERE datastream_id = %s AND phenomenon_time BETWEEN %s AND %s
"""
KEEP = """
    INSERT INTO sensing_revision
           (datastream_id, phenomenon_time, result, raw, quality, flags, known_from, known_until, edit_id)
    SELECT o.datastream_id, o.phenomenon_time, o.result, o.raw, o.quality, o.flags, o.recorded_at,
           %(at)s, %(edit)s
      FROM sensing_observation o JOIN new USING (phenomenon_time) WHERE o.datastream_id = %(stream)s
"""
CHANGE = """
    UPDATE sensing_observation o
       SET result = new.result, raw = new.raw, quality = new.quality, flags = new.flags, recorded_at = %(at)s
      FROM new WHERE o.datastream_id = %(stream)s AND o.phenomenon_time = new.phenomenon_time
"""
COLUMNS = """
    WITH new AS MATERIALIZED (
        SELECT 'epoch'::timestamptz + time * interval '1 microsecond' AS phenomenon_time,
               nullif(result, 'NaN') AS result, nullif(raw, 'NaN') AS raw, quality, flags
          FROM unnest(%(times)s::bigint[], %(results)s::float8[], %(raw)s::float8[],
                      %(quality)s::smallint[], %(flags)s::smallint[])
            AS row (time, result, raw, quality, flags)
    )
"""
REPLACED = """
    WITH new AS MATERIALIZED (
        SELECT phenomenon_time, result, raw, quality, flags FROM sensing_revision
         WHERE datastream_id = %(stream)s AND edit_id = %(edit)s AND known_until = %(made)s
    )
"""
LATEST = """
    UPDATE sensing_latestvalue l SET result = o.result, quality = o.quality, flags = o.flags
      FROM sensing_observation o
     WHERE l.datastream_id = %(stream)s AND o.datastream_id = l.datastream_id
       AND o.phenomenon_time = l.phenomenon_time AND l.phenomenon_time BETWEEN %(start)s AND %(end)s
"""
DIRTY = """
    INSERT INTO sensing_rollupdirty (hour, datastreams)
    SELECT DISTINCT date_bin('1 hour', phenomenon_time, 'epoch'), ARRAY[%(stream)s::bigint]
      FROM sensing_observation
     WHERE datastream_id = %(stream)s AND phenomenon_time BETWEEN %(start)s AND %(end)s
"""


def versions_of(cursor: Any, stream: int, start: datetime, end: datetime, *, limit: int) -> Versions:
    """The readings of a stream between two moments, locked until the end of the transaction."""
    cursor.execute(READ, {"stream": stream, "start": start, "end": end, "limit": limit})
    rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * 5
    times, quality, flags = (np.array(columns[part], np.int64) for part in (0, 3, 4))
    results, raw = (_floats(columns[part]) for part in (1, 2))
    return Versions(times, results, raw, quality.astype(np.int16), flags.astype(np.int16))


def _floats(cells: Iterable[float | None]) -> Floats:
    return np.array([np.nan if cell is None else cell for cell in cells], np.float64)


def versions_moment(cursor: Any, stream: int, start: datetime, end: datetime) -> datetime:
    """Now by the database's clock, or just after the newest version where that clock has been set back."""
    cursor.execute(MOMENT, [stream, start, end])
    moment: datetime = cursor.fetchone()[0]
    return moment


def versions_replace(cursor: Any, stream: int, new: Versions, *, edit: int, at: datetime) -> None:
    """Keep the versions in force as revisions, then put the new ones in their place."""
    values = {
        "times": array_text(new.times),
        "results": array_text(new.results),
        "raw": array_text(new.raw),
        "quality": array_text(new.quality),
        "flags": array_text(new.flags),
    }
    _replace(cursor, COLUMNS, {**values, "stream": stream, "edit": edit, "at": at})


def versions_undo(cursor: Any, stream: int, *, edit: int, made: datetime, at: datetime) -> int:
    """Put back the versions that an edit, made at ``made``, has replaced; how many are in the table."""
    return _replace(cursor, REPLACED, {"stream": stream, "edit": edit, "made": made, "at": at})


def _replace(cursor: Any, new: str, values: dict[str, Any]) -> int:
    cursor.execute(new + KEEP, values)
    cursor.execute(new + CHANGE, values)
    return int(cursor.rowcount)


def versions_settle(cursor: Any, stream: int, start: datetime, end: datetime) -> None:
    """Bring the latest value up to date now, and mark the roll-ups to follow."""
    values = {"stream": stream, "start": start, "end": end}
    cursor.execute(LATEST, values)
    cursor.execute(DIRTY, values)


def neighbour(cursor: Any, stream: int, at: datetime, *, before: bool) -> tuple[datetime, float] | None:
    """The nearest usable reading before, or after, a moment."""
    words = {"sign": "<", "order": "DESC"} if before else {"sign": ">", "order": "ASC"}
    cursor.execute(NEIGHBOUR.format(**words), [stream, at])
    found: tuple[datetime, float] | None = cursor.fetchone()
    return found
