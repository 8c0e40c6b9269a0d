"""Verification of the lake's files, and days back from the lake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from apps.archive.models import DueDay, LakeFile
from apps.archive.services.exporting import days_mark, lake_export
from apps.archive.services.restoring import day_put_back
from apps.archive.services.verifying import file_verify
from apps.core.errors import ProblemError
from apps.sensing.services import readings_store
from apps.sensing.services.partitions import partition_detach, partition_drop
from apps.sensing.services.rollups import rollups_refresh
from tests.archive.builders import city_of_oddities, day, late, readings, table_rows
from tests.sensing.builders import school_streams

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


def file_of(number: int) -> LakeFile:
    return LakeFile.objects.get(kind="observations", day=day(number))


def change(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_a_file_is_verified_right_after_its_export() -> None:
    city_of_oddities()
    lake_export()
    assert all(file.verified_at for file in LakeFile.objects.filter(kind="observations"))


def test_a_changed_row_in_the_table_is_found_and_exported_again() -> None:
    city_of_oddities()
    lake_export()
    change("UPDATE sensing_observation SET raw = 1 WHERE phenomenon_time = '2026-09-01 05:00Z'")
    assert file_verify(file_of(0)) == "table"
    assert DueDay.objects.get().day == day(0)
    assert lake_export() == 1
    assert file_of(0).verified_at is not None


def test_a_changed_byte_in_the_file_is_found(lake_folder: Path) -> None:
    city_of_oddities()
    lake_export()
    path = lake_folder / file_of(0).path
    path.write_bytes(path.read_bytes().replace(b"PAR1", b"PAR2", 1))
    assert file_verify(file_of(0)) == "bytes"
    with pytest.raises(ProblemError, match="damaged"):
        day_put_back(day(0))


def test_a_month_that_left_the_table_comes_back_exactly() -> None:
    city_of_oddities(days=3)
    before = table_rows()
    lake_export()
    rollups_refresh()
    partition_detach(day(0))
    partition_drop(day(0))
    assert table_rows() == []
    for number in range(3):
        assert day_put_back(day(number)) == 288
        change("DROP TABLE sensing_restored")  # goes with its transaction, which the test does not end
    assert table_rows() == before


def test_a_day_that_is_there_is_left_as_it_is() -> None:
    city_of_oddities()
    lake_export()
    before = table_rows()
    assert day_put_back(day(0)) == 0
    assert table_rows() == before


def test_lost_readings_come_back_and_newer_corrections_stay() -> None:
    city_of_oddities()
    lake_export()
    change("DELETE FROM sensing_observation WHERE phenomenon_time >= '2026-09-01 12:00Z'")
    change(
        "UPDATE sensing_observation SET result = 1, recorded_at = now() + interval '1 hour'"
        " WHERE phenomenon_time = '2026-09-01 06:00Z'"
    )
    corrected = [row for row in table_rows() if row[2] == "1.0"]
    assert day_put_back(day(0)) > 0
    after = table_rows()
    assert len([row for row in after if "2026-09-01" in row[1]]) == 288
    assert [row for row in after if row[2] == "1.0"] == corrected


def test_a_late_reading_of_an_archived_day_joins_its_file() -> None:
    (stream,) = school_streams(1)
    readings([stream])
    lake_export()
    rollups_refresh()
    partition_detach(day(0))
    partition_drop(day(0))
    readings_store(batch=late(stream.pk))
    assert lake_export() == 1
    assert file_of(0).rows == 145
    assert file_of(1).rows == 144


def test_a_day_that_the_lake_does_not_hold_cannot_be_put_back() -> None:
    with pytest.raises(ProblemError, match="nothing of this day"):
        day_put_back(day(0))


def test_the_commands_say_what_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    readings(school_streams(1))
    call_command("lake_export")
    call_command("lake_restore", f"{day(0)}", f"{day(0) + timedelta(days=1)}")
    assert capsys.readouterr().out == "2 days exported\n2026-09-01 0 readings\n2026-09-02 0 readings\n"
    assert days_mark() == 0
