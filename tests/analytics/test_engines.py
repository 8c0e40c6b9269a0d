"""The same questions to DuckDB, to a Spark cluster with two workers, and to plain numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.expr.types import Table

from apps.analytics.engines import DuckEngine, Engine, SparkEngine, engine_open
from apps.analytics.expressions import bucket_means, hourly_profiles, observations_wanted, summaries
from tests.analytics.cluster import spark_cluster
from tests.analytics.lake import FIRST, STREAMS, lake_write

Ask = Callable[[Engine, Table], Table]
QUESTIONS: dict[str, Ask] = {
    "hourly means": lambda engine, table: bucket_means(engine, table, seconds=3600),
    "five-minute means": lambda engine, table: bucket_means(engine, table, seconds=300),
    "summaries": lambda _engine, table: summaries(table),
    "the usual week": lambda engine, table: hourly_profiles(engine, table, offset_hours=8),
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return lake_write(tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    engine = engine_open("duckdb")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with spark_cluster(tmp_path_factory.mktemp("spark")) as address:
        engine = engine_open(address, memory="512MB")
        yield engine
        engine.close()


def wanted(engine: Engine, paths: list[str]) -> Table:
    """Two of three streams, from the middle of the first day to the middle of the last."""
    half = timedelta(hours=12)
    start, end = FIRST + half, FIRST + timedelta(days=2) + half
    return observations_wanted(engine.parquet(paths), streams=STREAMS[:2], start=start, end=end)


def rows(engine: Engine, table: Table) -> list[tuple[float, ...]]:
    return sorted(tuple(row.values()) for row in engine.fetch(table).to_pylist())


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_engines_give_the_same_answer(
    duck: Engine, spark: Engine, paths: list[str], question: str
) -> None:
    ask = QUESTIONS[question]
    ours, theirs = (rows(engine, ask(engine, wanted(engine, paths))) for engine in (duck, spark))
    assert len(ours) == len(theirs) > 0
    np.testing.assert_allclose(np.array(ours), np.array(theirs), rtol=1e-12)


def test_hourly_means_are_those_of_numpy(duck: Engine, paths: list[str]) -> None:
    found = {row[:2]: row[2:] for row in rows(duck, bucket_means(duck, wanted(duck, paths), seconds=3600))}
    raw = pa.concat_tables(pq.ParquetFile(path).read() for path in paths)
    hours = raw["phenomenon_time"].cast(pa.int64()).to_numpy() // 3_600_000_000
    stream, hour = STREAMS[1], int(FIRST.timestamp()) // 3600 + 30
    chosen = (hours == hour) & (raw["datastream_id"].to_numpy() == stream) & (raw["quality"].to_numpy() < 2)
    assert found[stream, hour] == (
        pytest.approx(raw["result"].to_numpy()[chosen].mean(), rel=1e-12),
        chosen.sum(),
    )
    assert {key[0] for key in found} == set(STREAMS[:2])
    assert len(found) == 2 * 48


def test_a_profile_counts_local_hours_from_sunday(duck: Engine, paths: list[str]) -> None:
    """1 September 2026 is a Tuesday; its noon in UTC is 20 o'clock at +8."""
    profile = duck.fetch(hourly_profiles(duck, wanted(duck, paths), offset_hours=8)).to_pylist()
    days = {(row["weekday"], row["hour"]) for row in profile}
    assert (2, 20) in days
    assert (2, 19) not in days
    assert {weekday for weekday, _hour in days} == {2, 3, 4}


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="spark://"):
        engine_open("mysql://x")


def test_engines_have_names(duck: Engine, spark: Engine) -> None:
    assert isinstance(duck, DuckEngine)
    assert isinstance(spark, SparkEngine)
