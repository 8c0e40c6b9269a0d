"""Hourly means of every sensor over 50 million readings in the lake, beside polars on the same files.

The embedded engine answers the same Ibis expression that the product uses. Spark answers it too, on a
standalone cluster of one and of two workers on loopback; its times are without the start of the session.
ROWS and SPARK=no are read from the environment.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from apps.analytics.engines import Engine, engine_open
from apps.analytics.expressions import bucket_means
from apps.archive.data import LAKE_SCHEMA
from benchmarks.figures import Figure
from benchmarks.sizes import size
from tests.analytics.cluster import spark_cluster

ROWS = int(os.environ.get("ROWS", size("50000000", "432000")))
DAYS, MINUTES, HOUR_US = 30, 1440, 3_600_000_000
ROUNDS, GOAL = size(3, 1), 1.5
SPARK = os.environ.get("SPARK", size("yes", "no"))  # tests/analytics starts it anyhow
BAD, BAD_SHARE = 2, 0.01
FIRST = np.datetime64("2026-09-01", "us")


def lake_write(root: Path) -> list[str]:
    """A reading a minute of as many sensors as make up ``ROWS`` in 30 days; paths of the day files."""
    sensors, draw, paths = ROWS // (DAYS * MINUTES), np.random.default_rng(3), []
    for day in range(DAYS):
        folder = (
            root
            / "observations"
            / "domain=city"
            / f"day={(FIRST + np.timedelta64(day, 'D')).astype('M8[D]')}"
        )
        folder.mkdir(parents=True)
        path = folder / "part-0.parquet"
        pq.write_table(day_table(sensors, day, draw), path, compression="zstd", row_group_size=1 << 20)
        paths.append(str(path))
    return paths


def day_table(sensors: int, day: int, draw: np.random.Generator) -> pa.Table:
    """One day, sorted as the archive sorts it."""
    rows = sensors * MINUTES
    minutes = np.tile(np.arange(MINUTES), sensors)
    times = pa.array(
        FIRST + np.timedelta64(day, "D") + minutes * np.timedelta64(1, "m"), pa.timestamp("us", "UTC")
    )
    values = np.round(50 + 20 * np.sin(minutes / 229) + draw.normal(0, 4, rows), 1)
    quality = np.where(draw.random(rows) < BAD_SHARE, BAD, 0).astype(np.int16)
    streams = np.repeat(np.arange(1, sensors + 1), MINUTES)
    flags, raw = np.zeros(rows, np.int16), pa.nulls(rows, pa.float64())
    return pa.Table.from_arrays(
        [pa.array(streams), times, pa.array(values), raw, pa.array(quality), pa.array(flags), times],
        schema=LAKE_SCHEMA,
    )


def by_polars(paths: list[str]) -> pl.DataFrame:
    """The fastest hand-tuned query that we know."""
    hour = (pl.col("phenomenon_time").dt.epoch("us") // HOUR_US).alias("bucket")
    usable = pl.scan_parquet(paths, hive_partitioning=False).filter(pl.col("quality") < BAD)
    means = usable.group_by("datastream_id", hour).agg(pl.col("result").mean().alias("mean"))
    return means.collect(engine="streaming")


def by_engine(engine: Engine, paths: list[str]) -> pa.Table:
    """The product's expression on one of its engines."""
    return engine.fetch(bucket_means(engine, engine.parquet(paths), seconds=3600))


def seconds_of(ask: Callable[[], object]) -> float:
    """Median of some rounds."""
    found = []
    for _each in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        found.append(time.perf_counter() - begin)
    return median(found)


def spark_seconds(folder: Path, paths: list[str], *, workers: int, expected: int) -> float:
    """Seconds of the question on a cluster; its answer must have as many rows."""
    with spark_cluster(folder, workers=workers) as address:
        engine = engine_open(address, memory="1GB")
        try:
            if by_engine(engine, paths).num_rows != expected:
                raise RuntimeError("Spark gives another answer")
            return seconds_of(lambda: by_engine(engine, paths))
        finally:
            engine.close()


def main() -> None:
    """Measure in turn, print."""
    with TemporaryDirectory() as folder:
        paths = lake_write(Path(folder))
        duck = engine_open("duckdb", threads=2, memory="4GB")
        groups = by_engine(duck, paths).num_rows
        if groups != by_polars(paths).height:
            raise RuntimeError("the two give different answers")
        ours, reference = seconds_of(lambda: by_engine(duck, paths)), seconds_of(lambda: by_polars(paths))
        name = f"hourly mean per sensor, {ROWS // 1_000_000} million rows"
        Figure("lake", f"{name}, DuckDB beside polars", ours, "s", reference, GOAL, at_most=True).show()
        if SPARK == "yes":
            times = {n: spark_seconds(Path(folder), paths, workers=n, expected=groups) for n in (1, 2)}
            Figure("lake", f"{name}, Spark with 2 workers beside 1", times[2], "s", times[1]).show()
            Figure("lake", f"{name}, Spark with 2 workers beside DuckDB", times[2], "s", ours).show()


if __name__ == "__main__":
    main()
