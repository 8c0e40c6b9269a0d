"""Days of observations in the lake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from apps.archive.data import LAKE_SCHEMA
from apps.archive.lake.digests import contents_of
from apps.archive.lake.files import tables_read
from apps.archive.models import DueDay, LakeFile
from apps.archive.selectors import lake_paths
from apps.archive.selectors.lake import lake_here
from apps.archive.services.exporting import days_mark, lake_export
from apps.core.models import Job
from apps.sensing.services import readings_store
from tests.archive.builders import city_of_oddities, day, late, readings
from tests.sensing.builders import school_streams

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


def test_each_finished_day_becomes_one_sorted_file_with_the_schema_of_the_lake(lake_folder: Path) -> None:
    city_of_oddities()
    assert lake_export() == 2
    path = lake_folder / "observations" / "domain=school" / "day=2026-09-01" / "part-0.parquet"
    table = pq.read_table(path, partitioning=None)
    assert table.schema.equals(LAKE_SCHEMA)
    keys = list(zip(table["datastream_id"].to_pylist(), table["phenomenon_time"].to_pylist(), strict=True))
    assert keys == sorted(keys)
    assert len(keys) == 288
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_day_that_still_runs_is_not_exported() -> None:
    readings(school_streams(1))
    assert days_mark(before=day(1)) == 1
    assert DueDay.objects.get().day == day(0)


def test_a_second_export_finds_nothing_to_do() -> None:
    readings(school_streams(1))
    lake_export()
    assert lake_export() == 0


def test_a_late_reading_makes_its_day_due_again() -> None:
    (stream,) = school_streams(1)
    readings([stream])
    lake_export()
    readings_store(batch=late(stream.pk))
    assert lake_export() == 1
    assert LakeFile.objects.get(day=day(0)).rows == 145


def test_the_paths_of_a_period_are_those_of_its_days() -> None:
    readings(school_streams(1), days=3)
    lake_export()
    noon = datetime(2026, 9, 2, 12, tzinfo=UTC)
    (path,) = lake_paths("school", noon, noon + timedelta(hours=12))
    assert path.endswith("/observations/domain=school/day=2026-09-02/part-0.parquet")
    assert Path(path).exists()
    assert len(lake_paths("school", noon - timedelta(days=9), noon + timedelta(days=9))) == 3
    assert not lake_paths("city", noon - timedelta(days=9), noon + timedelta(days=9))


def test_a_digest_depends_on_every_row_and_not_on_their_order() -> None:
    city_of_oddities()
    lake_export()
    file = LakeFile.objects.get(day=day(0), kind="observations")
    (table,) = tables_read(lake_here(), file.path)
    backwards = table.take(list(reversed(range(len(table)))))
    assert contents_of([backwards]).digest == file.digest
    assert contents_of([table.slice(0, 7), table.slice(7)]).digest == file.digest
    assert contents_of([table.slice(1)]).digest != file.digest


def test_an_export_is_a_job_that_people_of_the_domain_can_watch() -> None:
    readings(school_streams(1))
    lake_export()
    job = Job.objects.get(kind="lake_export")
    assert (job.state, job.domain, job.done, job.total) == ("succeeded", "school", 2, 2)


def test_the_datastreams_lie_beside_them_with_key_unit_and_thing(lake_folder: Path) -> None:
    (stream,) = school_streams(1)
    readings([stream])
    lake_export()
    path = lake_folder / "datastreams" / "domain=school" / "part-0.parquet"
    (row,) = pq.read_table(path, partitioning=None).to_pylist()
    assert (row["id"], row["key"], row["thing"]) == (stream.pk, stream.key, "T000")
