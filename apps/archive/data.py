"""The layout of the lake, and plain values of the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

MICROSECONDS_UTC = pa.timestamp("us", "UTC")
LAKE_SCHEMA = pa.schema(
    [
        pa.field("datastream_id", pa.int64(), nullable=False),
        pa.field("phenomenon_time", MICROSECONDS_UTC, nullable=False),
        pa.field("result", pa.float64()),
        pa.field("raw", pa.float64()),  # the value as it came, where the result differs from it
        pa.field("quality", pa.int16(), nullable=False),
        pa.field("flags", pa.int16(), nullable=False),
        pa.field("recorded_at", MICROSECONDS_UTC, nullable=False),
    ]
)
SORTED_BY = ("datastream_id", "phenomenon_time")
ROW_GROUP = 1 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What rows amount to: how many, an order-independent digest, and the newest ``recorded_at``."""

    rows: int
    digest: str
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the lake: its contents, its size in bytes, and SM3 over its bytes."""

    contents: Contents
    size: int
    checksum: str
