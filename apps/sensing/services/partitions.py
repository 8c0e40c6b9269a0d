"""Months of the observations: made ahead of time, taken out when they are archived, put back.

A month is taken out by a plain ``DETACH``, not by ``DETACH CONCURRENTLY``: that one ends in a second
transaction, and between the two a late reading finds neither the old partition nor room for a new one. Here
lock, marks and detaching are one transaction, which waits at most ``LOCK_TIMEOUT`` for the readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.sensing.ingest.partitions import (
    PARTITION_LOCK,
    bounds,
    detached_name,
    month_after,
    months_between,
    partition_name,
    partitions_make,
)
from apps.sensing.models.observations import ArchivedDay, RollupDirty
from apps.sensing.services.rollups import ROLLUP_LOCK, rollups_refresh

AHEAD = timedelta(days=62)
LOCK_TIMEOUT = "2s"
MOVE = """
    INSERT INTO {detached} (datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at)
    SELECT datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at FROM {late}
    ON CONFLICT DO NOTHING
"""


class PartitionError(Exception):
    """The month cannot be moved now; the text says why."""


@transaction.atomic
def partitions_ensure(*, start: datetime, end: datetime) -> None:
    """Make the monthly partitions from ``start`` to ``end``."""
    with connection.cursor() as cursor:
        partitions_make(cursor.cursor, months_between(start, end))


def partitions_ahead() -> None:
    """Make this month's partition and the next two."""
    now = timezone.now()
    partitions_ensure(start=now, end=now + AHEAD)


def partition_detach(month: date) -> str:
    """Take a month that is over out of the table; returns the name of its own table, where nobody writes.

    From now on its roll-ups stand as they are. PartitionError when the month is not over, not there, or has
    late readings of archived days; OperationalError when a long query holds the table: try again later.
    """
    if month_after(month) > timezone.now().date():
        raise PartitionError(f"{month:%Y-%m} is not over")
    rollups_refresh()
    with _table_locked() as cursor:
        if not _exists(cursor, partition_name(month)):
            raise PartitionError(f"{month:%Y-%m} is not in the table")
        if _exists(cursor, detached_name(month)):
            raise PartitionError(f"{month:%Y-%m} was taken out before: drop that table or put it back first")
        if RollupDirty.objects.filter(hour__gte=_start(month), hour__lt=_start(month_after(month))).exists():
            raise PartitionError(f"{month:%Y-%m} has roll-ups to do: restore its archived days, then refresh")
        _detach(cursor, month)
        ArchivedDay.objects.bulk_create(_days(month), ignore_conflicts=True)
    return detached_name(month)


def partition_drop(month: date) -> None:
    """Delete the table of a month that was taken out. What is not in the archive is lost."""
    with connection.cursor() as cursor:
        if not _exists(cursor, detached_name(month)):
            raise PartitionError(f"{month:%Y-%m} was not taken out")
        cursor.execute(f"DROP TABLE {detached_name(month)}")


def partition_attach(month: date) -> None:
    """Put a month back, with what has come for it since; the first value of a key stays."""
    detached, name = detached_name(month), partition_name(month)
    with _table_locked() as cursor:
        if not _exists(cursor, detached):
            raise PartitionError(f"{month:%Y-%m} was not taken out")
        if _exists(cursor, name):
            cursor.execute(MOVE.format(detached=detached, late=name))
            cursor.execute(f"DROP TABLE {name}")
        cursor.execute(f"ALTER TABLE {detached} RENAME TO {name}")
        cursor.execute(f"ALTER TABLE sensing_observation ATTACH PARTITION {name} {bounds(month)}")
        ArchivedDay.objects.filter(day__gte=month, day__lt=month_after(month)).delete()


@contextmanager
def _table_locked() -> Iterator[Any]:
    """A transaction in which nobody else writes, reads, rolls up or makes a partition."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        for lock in (ROLLUP_LOCK, PARTITION_LOCK):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        cursor.execute("LOCK TABLE ONLY sensing_observation IN ACCESS EXCLUSIVE MODE")
        yield cursor


def _detach(cursor: Any, month: date) -> None:
    cursor.execute(f"ALTER TABLE sensing_observation DETACH PARTITION {partition_name(month)}")
    cursor.execute(f"ALTER TABLE {partition_name(month)} RENAME TO {detached_name(month)}")


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
    return bool(cursor.fetchone()[0])


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _days(month: date) -> list[ArchivedDay]:
    days = (month_after(month) - month).days
    return [ArchivedDay(day=month + timedelta(days=number)) for number in range(days)]
