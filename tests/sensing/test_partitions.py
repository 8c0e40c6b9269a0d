"""Months taken out of the table, dropped, put back; and what happens to late readings meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from apps.sensing.models import Observation, RollupDay, RollupHour
from apps.sensing.selectors import days_archived, days_waiting, partitions_detached, partitions_list
from apps.sensing.services import readings_store
from apps.sensing.services.partitions import (
    PartitionError,
    partition_attach,
    partition_detach,
    partition_drop,
    partitions_ahead,
    readings_forget,
)
from apps.sensing.services.restoring import ArchivedRow, day_restore
from apps.sensing.services.rollups import rollups_refresh
from tests.sensing.builders import NOON_US, SECOND, batch, school_streams
from tests.sensing.rollup_truth import tables_stored, tables_true

pytestmark = pytest.mark.django_db
MONTH, DAY = date(2026, 3, 1), date(2026, 3, 10)
TENTH = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()) - NOON_US // SECOND  # in seconds after NOON


@pytest.fixture
def stream() -> int:
    """A stream with two readings on 10 March, rolled up."""
    found: int = school_streams(1)[0].pk
    store(found, 0, 500)
    store(found, 60, 510)
    rollups_refresh()
    return found


def store(stream: int, second: int, value: float) -> int:
    return readings_store(batch=batch([stream], [TENTH + second], [value])).stored


def names() -> list[str]:
    return [partition.name for partition in partitions_list()]


def archived_rows() -> list[ArchivedRow]:
    """What the archive holds of the month that was taken out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at"
            "  FROM sensing_detached_202603"
        )
        return [tuple(row) for row in cursor.fetchall()]


def hour() -> tuple[int, float]:
    found = RollupHour.objects.get()
    return found.count, found.total


def test_partitions_are_made_ahead() -> None:
    partitions_ahead()
    assert len(names()) >= 3
    newest = partitions_list()[-1]
    assert newest.first.day == 1
    assert (newest.last - newest.first).days in {27, 28, 29, 30}


def test_a_month_taken_out_leaves_its_roll_ups(stream: int) -> None:
    assert partition_detach(MONTH) == "sensing_detached_202603"
    assert "sensing_observation_202603" not in names()
    assert [partition.first for partition in partitions_detached()] == [MONTH]
    assert not Observation.objects.exists()
    assert hour() == (2, 1010)
    assert days_archived(first=MONTH, last=date(2026, 3, 31)) == [DAY]


def test_a_month_put_back_is_whole_with_what_came_late(stream: int) -> None:
    partition_detach(MONTH)
    store(stream, 0, 777)  # a key that is known: the first value stays
    store(stream, 30, 520)
    partition_attach(MONTH)
    rollups_refresh()
    assert list(Observation.objects.order_by("pk").values_list("result", flat=True)) == [500, 520, 510]
    assert hour() == (3, 1530)
    assert not partitions_detached()


def test_a_late_reading_for_a_dropped_month_is_kept_and_leaves_the_roll_ups_alone(stream: int) -> None:
    partition_detach(MONTH)
    partition_drop(MONTH)
    assert store(stream, 30, 520) == 1
    rollups_refresh()
    assert hour() == (2, 1010)
    assert days_waiting() == [DAY]
    with pytest.raises(PartitionError, match="roll-ups"):
        partition_detach(MONTH)


def test_a_restored_day_is_exact_and_can_be_archived_again(stream: int) -> None:
    partition_detach(MONTH)
    rows = archived_rows()
    partition_drop(MONTH)
    store(stream, 0, 777)
    store(stream, 30, 520)
    assert day_restore(DAY, rows=rows) == 2
    assert not days_waiting()
    rollups_refresh()
    assert hour() == (3, 1530)
    partition_detach(MONTH)
    assert RollupDay.objects.get().count == 3
    assert len(archived_rows()) == 3


def test_a_late_reading_for_a_day_that_had_none_is_counted_at_once(stream: int) -> None:
    partition_detach(MONTH)
    store(stream, 86_400, 520)
    rollups_refresh()
    assert not days_waiting()
    assert sorted(RollupHour.objects.values_list("count", "total")) == [(1, 520), (2, 1010)]


def test_a_stream_whose_old_readings_are_gone_keeps_its_roll_ups(stream: int) -> None:
    other = school_streams(2)[1].pk
    store(other, 0, 600)
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert readings_forget([stream], start=start, end=end) == 2
    assert store(stream, 30, 520) == store(other, 30, 620) == 1
    rollups_refresh()
    hours = RollupHour.objects.order_by("datastream").values_list("count", "total")
    assert list(hours) == [(2, 1010), (2, 1220)]


def test_a_replay_of_a_dropped_month_changes_no_roll_up(stream: int) -> None:
    partition_detach(MONTH)
    rows = archived_rows()
    partition_drop(MONTH)
    store(stream, 0, 500)
    store(stream, 60, 510)
    day_restore(DAY, rows=rows)
    rollups_refresh()
    assert hour() == (2, 1010)


def test_rows_of_another_day_are_refused_and_nothing_is_changed(stream: int) -> None:
    partition_detach(MONTH)
    rows = archived_rows()
    with pytest.raises(ValueError, match="outside"):
        day_restore(date(2026, 3, 11), rows=rows)
    assert not Observation.objects.exists()


def test_a_month_that_is_not_over_stays() -> None:
    with pytest.raises(PartitionError, match="not over"):
        partition_detach(date(2099, 1, 1))


def test_a_month_that_is_not_there_is_named() -> None:
    for act in (partition_detach, partition_drop, partition_attach):
        with pytest.raises(PartitionError, match="1999-01"):
            act(date(1999, 1, 1))


@pytest.mark.django_db(transaction=True)
def test_a_month_goes_and_comes_while_late_readings_arrive_and_none_is_lost() -> None:
    stream, ended, gap = school_streams(1)[0].pk, threading.Event(), 0.0
    store(stream, 0, 500)

    def arrive() -> int:
        second = 0
        while not ended.wait(gap):
            second += 1
            store(stream, second, 500)
        connection.close()
        return second

    with ThreadPoolExecutor(1) as pool:
        arriving = pool.submit(arrive)
        moved = 0
        try:
            while moved < 3:
                # A reading that comes between roll-up and lock holds the month; each time leaves more room.
                has_moved = moved_there_and_back()
                moved, gap = moved + has_moved, 0.0 if has_moved else gap + 0.02
        finally:
            ended.set()
    rollups_refresh()
    assert Observation.objects.count() == arriving.result() + 1
    assert tables_stored() == tables_true()


def moved_there_and_back() -> bool:
    """Whether the month could be moved: a reading may have come between roll-up and lock."""
    try:
        partition_detach(MONTH)
    except PartitionError:
        return False
    partition_attach(MONTH)
    return True
