"""Observations out of the database in blocks: binary COPY by key, so that no query and no block grows.

Each block is a query of its own that goes on after the last time of the block before. A slow client holds no
transaction open, and a statement never runs longer than its block takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.sensing.exports.plan import ExportPlan
from apps.sensing.ingest.copying import EPOCH, HEADER, KINDS, TRAILER

BLOCK = 20_000  # rows
FLOATS = {"result", "raw"}
MICROSECONDS = {"recorded_at": ">i8"}
COPY = """
    COPY (SELECT {columns} FROM sensing_observation
           WHERE datastream_id = %s AND phenomenon_time > %s AND phenomenon_time < %s
           ORDER BY phenomenon_time LIMIT %s) TO STDOUT (FORMAT BINARY)
"""
Block = NDArray[np.void]


def columns_read(plan: ExportPlan) -> tuple[str, ...]:
    """The columns of the table that the export needs; the stream is known."""
    return tuple(name for name in plan.columns if name != "datastream")


def record(columns: tuple[str, ...]) -> np.dtype[np.void]:
    """One row on the wire (PostgreSQL manual, COPY, binary format)."""
    kinds = KINDS | MICROSECONDS
    cells = [((f"size_{name}", ">i4"), (name, kinds[name])) for name in columns]
    return np.dtype([("fields", ">i2"), *(cell for pair in cells for cell in pair)])


def blocks_read(plan: ExportPlan, *, stream: int) -> Iterator[Block]:
    """The rows of one stream in time order; times are microseconds since 2000, NaN stands for no value."""
    columns = columns_read(plan)
    layout, query = record(columns), COPY.format(columns=", ".join(map(_sql, columns)))
    after, end = round(plan.start.timestamp() * 1e6) - 1, plan.end
    while True:
        block = _block(query, (stream, _moment(after), end, BLOCK), layout)
        if len(block):
            yield block
        if len(block) < BLOCK:
            return
        after = int(block["phenomenon_time"][-1]) + EPOCH


def _sql(column: str) -> str:
    """A missing number travels as NaN, so that every row is equally long."""
    return f"coalesce({column}, 'NaN')" if column in FLOATS else column


def _moment(microseconds: int) -> datetime:
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def _block(query: str, parameters: tuple[object, ...], layout: np.dtype[np.void]) -> Block:
    with connection.cursor() as cursor, cursor.cursor.copy(query, parameters) as copy:
        data = b"".join(copy)
    return np.frombuffer(data[len(HEADER) : -len(TRAILER)], layout)
