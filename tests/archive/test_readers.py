"""The lake as others find it: DuckDB, GeoPandas, a store that is no folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pytest

from apps.archive.data import LAKE_SCHEMA
from apps.archive.lake.files import tables_write
from apps.archive.models import LakeFile
from apps.archive.selectors import lake_paths, streams_paths
from apps.archive.selectors.lake import lake_here
from apps.archive.services.exporting import lake_export
from apps.archive.services.streams import streams_export
from apps.archive.services.verifying import file_verify
from tests.archive.builders import city_of_oddities, day, readings
from tests.maps.builders import road
from tests.sensing.builders import school_streams

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


def test_duckdb_reads_domain_and_day_from_the_names_of_the_folders(lake_folder: Path) -> None:
    readings(school_streams(2))
    lake_export()
    found = (
        import_module("duckdb")
        .sql(
            f"SELECT domain, day, count(*) FROM read_parquet('{lake_folder}/observations/**/*.parquet',"
            " hive_partitioning = true) GROUP BY ALL ORDER BY day"
        )
        .fetchall()
    )
    assert found == [("school", day(0), 288), ("school", day(1), 288)]


def test_geopandas_reads_the_datastreams_with_their_places() -> None:
    road("R1", lon=118.05)
    streams_export("city", lake=lake_here())
    (path,) = streams_paths()
    frame = import_module("geopandas").read_parquet(path)
    assert frame.crs.name.startswith("WGS 84")
    assert set(frame.geom_type) == {"LineString"}
    assert (round(frame.lon[0] + 1e-9, 2), round(frame.lat[0], 2)) == (118.06, 24.45)


def test_a_lake_in_an_object_store_works_the_same(settings: Any) -> None:
    settings.LAKE_URL = "memory://city-lake"
    city_of_oddities()
    assert lake_export() == 2
    file = LakeFile.objects.get(kind="observations", day=day(0))
    assert file_verify(file) == ""
    start = datetime(2026, 9, 1, tzinfo=UTC)
    assert lake_paths("school", start, start.replace(day=2)) == [f"memory://city-lake/{file.path}"]
    store = fsspec.filesystem("memory")
    names = [name.rpartition("/")[2] for name in store.find("/city-lake")]
    assert set(names) == {"part-0.parquet"}, "nothing unfinished is left"
    store.rm("/city-lake", recursive=True)


def broken_off() -> Iterator[pa.Table]:
    yield LAKE_SCHEMA.empty_table()
    raise ConnectionError("the database has gone")


def test_an_export_that_breaks_off_leaves_the_old_file_and_no_other(lake_folder: Path) -> None:
    readings(school_streams(1))
    lake_export()
    before = {path: path.read_bytes() for path in lake_folder.rglob("*") if path.is_file()}
    path = LakeFile.objects.get(kind="observations", day=day(0)).path
    with pytest.raises(ConnectionError):
        tables_write(lake_here(), path, broken_off())
    assert {path: path.read_bytes() for path in lake_folder.rglob("*") if path.is_file()} == before
