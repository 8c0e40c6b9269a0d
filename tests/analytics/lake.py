"""A small lake with the layout of the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST = datetime(2026, 9, 1, tzinfo=UTC)
STREAMS = (3, 5, 8)
MINUTES_A_DAY = 1440


def lake_write(root: Path, *, days: int = 3) -> list[str]:
    """Minute readings of three streams; paths of the day files, oldest first."""
    draw, paths = np.random.default_rng(5), []
    for day in range(days):
        start = FIRST + timedelta(days=day)
        folder = root / "observations" / "domain=city" / f"day={start:%Y-%m-%d}"
        folder.mkdir(parents=True)
        path = folder / "part-0.parquet"
        pq.write_table(_day(start, draw), path, compression="zstd")
        paths.append(str(path))
    return paths


def _day(start: datetime, draw: np.random.Generator) -> pa.Table:
    rows = MINUTES_A_DAY * len(STREAMS)
    minutes = np.tile(np.arange(MINUTES_A_DAY), len(STREAMS))
    times = np.datetime64(start.replace(tzinfo=None), "us") + minutes * np.timedelta64(60_000_000, "us")
    values = np.round(50 + 20 * np.sin(minutes * 2 * np.pi / MINUTES_A_DAY) + draw.normal(0, 3, rows), 1)
    return pa.table(
        {
            "datastream_id": np.repeat(np.array(STREAMS, np.int64), MINUTES_A_DAY),
            "phenomenon_time": pa.array(times, pa.timestamp("us", "UTC")),
            "result": values,
            "raw": pa.nulls(rows, pa.float64()),
            "quality": np.where(draw.random(rows) < 0.05, 2, 0).astype(np.int16),
            "flags": np.zeros(rows, np.int16),
            "recorded_at": pa.array(times, pa.timestamp("us", "UTC")),
        }
    )
