"""What may be deleted when: rules, holds, and the proof in the lake."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.accounts.selectors import viewer_for
from apps.archive.models import LakeFile, LegalHold
from apps.archive.selectors.retention import Keep, months_before, streams_keep
from apps.archive.services.expiring import lake_expire, table_expire
from apps.archive.services.exporting import lake_export
from apps.archive.services.rules import Scope, hold_place, hold_release, rule_set
from apps.audit.models import AccessEntry
from apps.core.errors import ProblemError
from apps.sensing.selectors import days_archived, partitions_list
from apps.sensing.services.rollups import rollups_refresh
from tests.archive.builders import city_of_oddities, day, table_rows
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]
SCHOOL = Scope(domain="school")
LATER = date(2027, 1, 10)
ONE_MONTH = Keep(1, 1)


@pytest.fixture(autouse=True)
def no_month_of_another_test(db: None) -> None:
    """A test that commits leaves its months behind, empty; each counts as one that may go."""
    with connection.cursor() as cursor:
        for month in partitions_list():
            cursor.execute(f'DROP TABLE "{month.name}"')


@pytest.fixture
def approver() -> Any:
    return viewer_for(person("head", roles=["school-approver"]), strong=True)


def in_the_lake() -> None:
    city_of_oddities()
    lake_export()
    rollups_refresh()


def test_a_month_that_is_old_enough_and_verified_is_dropped(approver: Any) -> None:
    in_the_lake()
    rule_set(SCHOOL, keep=ONE_MONTH, reason="storage", viewer=approver)
    assert table_expire(today=LATER) == 1
    assert table_rows() == []
    assert days_archived(first=day(0), last=day(29)) == [day(0), day(1)]  # those that had readings
    assert AccessEntry.objects.filter(action="partition_drop", object_id="2026-09").exists()


def test_a_month_stays_as_long_as_the_rule_says(approver: Any) -> None:
    in_the_lake()
    rule_set(SCHOOL, keep=Keep(4, 1), reason="storage", viewer=approver)
    assert table_expire(today=LATER) == 0
    assert table_expire(today=date(2027, 2, 1)) == 1


def test_a_hold_blocks_every_deletion_until_it_is_released(approver: Any, lake_folder: Path) -> None:
    in_the_lake()
    rule_set(SCHOOL, keep=ONE_MONTH, reason="storage", viewer=approver)
    hold = hold_place(SCHOOL, start=day(20), end=None, reason="case 7", viewer=approver)
    assert table_expire(today=LATER) == 0
    hold_release(hold, viewer=approver)
    hold_place(SCHOOL, start=None, end=day(0), reason="case 8", viewer=approver)
    LegalHold.objects.filter(reason="case 8").update(end=date(2026, 8, 1))
    assert table_expire(today=LATER) == 1


def test_a_month_that_is_not_in_the_lake_stays(approver: Any) -> None:
    city_of_oddities()
    rule_set(SCHOOL, keep=ONE_MONTH, reason="storage", viewer=approver)
    assert table_expire(today=LATER) == 0


def test_a_month_that_differs_from_the_lake_in_one_value_goes_back(approver: Any) -> None:
    in_the_lake()
    rule_set(SCHOOL, keep=ONE_MONTH, reason="storage", viewer=approver)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sensing_observation SET flags = 1 WHERE phenomenon_time = '2026-09-02 01:00Z'")
    before = table_rows()
    assert table_expire(today=LATER) == 0
    assert table_rows() == before
    assert any(part.first == day(0) for part in partitions_list())


def test_a_damaged_file_keeps_its_month_in_the_table(approver: Any, lake_folder: Path) -> None:
    in_the_lake()
    rule_set(SCHOOL, keep=ONE_MONTH, reason="storage", viewer=approver)
    (lake_folder / LakeFile.objects.get(day=day(0)).path).write_bytes(b"PAR1")
    assert table_expire(today=LATER) == 0
    assert len(table_rows()) == 576


def test_the_closest_rule_counts(approver: Any) -> None:
    first, second = city_of_oddities()
    rule_set(SCHOOL, keep=Keep(9, 9), reason="x", viewer=approver)
    rule_set(Scope(domain="school", kind="co2"), keep=Keep(6, 6), reason="x", viewer=approver)
    rule_set(Scope(domain="school", datastream=first.pk), keep=Keep(3, 3), reason="x", viewer=approver)
    kept = {item.datastream_id: item.keep for item in streams_keep()}
    assert kept == {first.pk: Keep(3, 3), second.pk: Keep(6, 6)}


def test_a_stream_with_a_shorter_rule_leaves_before_its_month(approver: Any) -> None:
    first, second = city_of_oddities()
    lake_export()
    rule_set(SCHOOL, keep=Keep(12, 2), reason="x", viewer=approver)
    rule_set(Scope(domain="school", datastream=first.pk), keep=ONE_MONTH, reason="minors", viewer=approver)
    table_expire(today=LATER)
    assert {row[0] for row in table_rows()} == {str(second.pk)}
    assert lake_export() == 0  # what has left by its rule does not make its day due
    rollups_refresh()
    assert table_expire(today=date(2028, 1, 1)) == 1


def test_the_lake_forgets_after_its_years(approver: Any, lake_folder: Path) -> None:
    first, _second = city_of_oddities()
    lake_export()
    rollups_refresh()
    rule_set(SCHOOL, keep=Keep(1, 5), reason="x", viewer=approver)
    rule_set(Scope(domain="school", datastream=first.pk), keep=ONE_MONTH, reason="x", viewer=approver)
    assert table_expire(today=LATER) == 1
    assert lake_expire(today=date(2028, 6, 1)) == 2
    assert LakeFile.objects.get(day=day(0)).rows == 144
    assert lake_expire(today=date(2028, 6, 2)) == 0
    assert lake_expire(today=date(2032, 6, 1)) == 2
    assert not list(lake_folder.glob("observations/*/*/*.parquet"))


def test_only_those_who_approve_decide(approver: Any) -> None:
    clerk = viewer_for(person("clerk", roles=["school-operator"]))
    with pytest.raises(ProblemError, match="may not decide"):
        rule_set(SCHOOL, keep=ONE_MONTH, reason="x", viewer=clerk)
    with pytest.raises(ProblemError, match="at least as long"):
        rule_set(SCHOOL, keep=Keep(13, 1), reason="x", viewer=approver)
    with pytest.raises(ProblemError, match="Say why"):
        hold_place(SCHOOL, start=None, end=None, reason=" ", viewer=approver)


def test_whole_months_are_counted_back_over_the_turn_of_the_year() -> None:
    assert months_before(date(2027, 1, 31), 1) == date(2026, 12, 1)
    assert months_before(date(2027, 1, 1), 24) == date(2025, 1, 1)
