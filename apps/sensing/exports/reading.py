"""Observations out of the database in blocks: packed columns by key, so that no query and no block grows.

Each block is a query of its own that goes on after the last time of the block before. A slow client holds no
transaction open, and a statement never runs longer than its block takes. The database packs every column into
one value: a row at a time, by COPY, costs three times as much.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor

from apps.core.copying import EPOCH
from apps.sensing.exports.plan import ExportPlan

BLOCK = 25_000  # rows
PACKED = {
    "phenomenon_time": ("timestamptz_send(phenomenon_time)", ">i8"),
    "result": ("float8send(coalesce(result, 'NaN'))", ">f8"),
    "raw": ("float8send(coalesce(raw, 'NaN'))", ">f8"),
    "quality": ("int2send(quality)", ">i2"),
    "flags": ("int2send(flags)", ">i2"),
    "recorded_at": ("timestamptz_send(recorded_at)", ">i8"),
}
SELECT = """
    SELECT {columns}
      FROM (SELECT * FROM sensing_observation
             WHERE datastream_id = %s AND phenomenon_time > %s AND phenomenon_time < %s
             ORDER BY phenomenon_time LIMIT %s) AS block
"""
Block = dict[str, NDArray[np.generic]]


def columns_read(plan: ExportPlan) -> tuple[str, ...]:
    """The columns of the table that the export needs; the stream is known."""
    return tuple(name for name in plan.columns if name != "datastream")


def blocks_read(plan: ExportPlan, *, stream: int) -> Iterator[Block]:
    """The rows of one stream in time order; times are microseconds since 2000, NaN stands for no value."""
    columns = columns_read(plan)
    query = SELECT.format(columns=", ".join(f"string_agg({PACKED[name][0]}, ''::bytea)" for name in columns))
    after, end = round(plan.start.timestamp() * 1e6) - 1, plan.end
    while True:
        block = _block(query, (stream, _moment(after), end, BLOCK), columns)
        times = block["phenomenon_time"]
        if len(times):
            yield block
        if len(times) < BLOCK:
            return
        after = int(times[-1]) + EPOCH


def _moment(microseconds: int) -> datetime:
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def _block(query: str, parameters: tuple[object, ...], columns: tuple[str, ...]) -> Block:
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:  # Django's own cursors give no binary results
        cells = cursor.execute(query, parameters, binary=True).fetchone() or ()
    return {
        name: np.frombuffer(cell or b"", PACKED[name][1]) for name, cell in zip(columns, cells, strict=True)
    }
