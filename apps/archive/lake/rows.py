"""Observations out of PostgreSQL as Arrow tables: binary COPY of rows of one length, read by numpy.

Constant memory: a table has at most ``PIECE`` rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from apps.archive.data import LAKE_SCHEMA, MICROSECONDS_UTC

PIECE = 1 << 16  # rows a table: what a row costs on its way is given back soon
TRAILER = 2  # bytes of the last message
HEADER = 19  # bytes before the first row (PostgreSQL manual, COPY, binary format)
EPOCH = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
# Missing numbers go as 0 with a mark beside them, so that every row has the same length.
ROWS = """
    COPY (
        SELECT o.datastream_id, o.phenomenon_time, coalesce(o.result, 0), o.result IS NULL,
               coalesce(o.raw, 0), o.raw IS NULL, o.quality, o.flags, o.recorded_at
          FROM {table} o
          JOIN sensing_datastream d ON d.id = o.datastream_id
          JOIN sensing_thing t ON t.id = d.thing_id
         WHERE t.domain = %s AND o.phenomenon_time >= %s AND o.phenomenon_time < %s
         ORDER BY o.datastream_id, o.phenomenon_time
    ) TO STDOUT (FORMAT BINARY)
"""
CELLS = (
    ("datastream_id", ">i8"),
    ("phenomenon_time", ">i8"),
    ("result", ">f8"),
    ("result_null", "?"),
    ("raw", ">f8"),
    ("raw_null", "?"),
    ("quality", ">i2"),
    ("flags", ">i2"),
    ("recorded_at", ">i8"),
)
RECORD = np.dtype(
    [("fields", ">i2"), *(part for name, kind in CELLS for part in ((f"size_{name}", ">i4"), (name, kind)))]
)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day of UTC, and that of the next."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return start, start + timedelta(days=1)


def day_tables(
    cursor: Any, domain: str, day: date, *, table: str = "sensing_observation"
) -> Iterator[pa.Table]:
    """The observations of a domain on a day, sorted by stream and time, as tables of the lake's schema.

    ``table`` is another one for a month that was taken out.
    """
    with cursor.copy(ROWS.format(table=table), [domain, *day_bounds(day)]) as copy:
        skip, messages = HEADER, _messages(cursor.connection.pgconn)
        while chunk := b"".join(islice(messages, PIECE)):
            rows = (len(chunk) - skip) // RECORD.itemsize  # the last chunk ends with two bytes more
            if rows:
                yield _table(np.frombuffer(chunk, RECORD, rows, skip))
            skip = 0
        copy.read()  # the end, so that the connection is free again


def _messages(pgconn: Any) -> Iterator[memoryview]:
    """What the server sends, a row each, up to the trailer; straight from libpq, six times as fast a row."""
    size = TRAILER + 1
    while size > TRAILER:
        size, data = pgconn.get_copy_data(0)
        if size > 0:
            yield data


def _table(records: np.ndarray[Any, Any]) -> pa.Table:
    columns = [
        _native(records["datastream_id"], np.int64),
        pa.array(_native(records["phenomenon_time"], np.int64) + EPOCH).cast(MICROSECONDS_UTC),
        pa.array(_native(records["result"], np.float64), mask=records["result_null"]),
        pa.array(_native(records["raw"], np.float64), mask=records["raw_null"]),
        _native(records["quality"], np.int16),
        _native(records["flags"], np.int16),
        pa.array(_native(records["recorded_at"], np.int64) + EPOCH).cast(MICROSECONDS_UTC),
    ]
    return pa.table(columns, schema=LAKE_SCHEMA)


def _native(column: np.ndarray[Any, Any], kind: type[np.generic]) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(column).astype(kind)
