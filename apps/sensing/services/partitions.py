"""Months of the observations: made ahead of time, taken out when they are archived, put back.

A month is taken out by a plain ``DETACH``, not by ``DETACH CONCURRENTLY``: that one ends in a second
transaction, and between the two a late reading finds neither the old partition nor room for a new one. Here
lock, marks and detaching are one transaction, which waits at most ``LOCK_TIMEOUT`` for the readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.core.locks import Lock, lock_wait
from apps.core.partitions import bounds, month_after, months_between
from apps.sensing.ingest.partitions import OBSERVATIONS, detached_name, partitions_make
from apps.sensing.models.observations import ArchivedDay, RollupDay, RollupDirty
from apps.sensing.services.rollups import rollups_refresh

AHEAD = timedelta(days=62)
LOCK_TIMEOUT = "2s"
MOVE = """
    INSERT INTO {detached} (datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at)
    SELECT datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at FROM {late}
    ON CONFLICT DO NOTHING
"""
FORGOTTEN = """
    INSERT INTO sensing_archivedstream AS known (before, datastream_id) SELECT %s, unnest(%s::bigint[])
    ON CONFLICT (datastream_id) DO UPDATE SET before = greatest(known.before, excluded.before)
"""
FORGET = """
    DELETE FROM sensing_observation
     WHERE datastream_id = ANY(%s) AND phenomenon_time >= %s AND phenomenon_time < %s
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
    start, end = _start(month), _start(month_after(month))
    rollups_refresh()
    with _rollups_locked() as cursor:
        if not _exists(cursor, OBSERVATIONS.partition(month)):
            raise PartitionError(f"{month:%Y-%m} is not in the table")
        if _exists(cursor, detached_name(month)):
            raise PartitionError(f"{month:%Y-%m} was taken out before: drop that table or put it back first")
        days = RollupDay.objects.filter(bucket__gte=start, bucket__lt=end).values_list("bucket", flat=True)
        read = {moment.astimezone(UTC).date() for moment in days.order_by().distinct()}
        _lock_table(cursor)
        if RollupDirty.objects.filter(hour__gte=start, hour__lt=end).exists():
            raise PartitionError(f"{month:%Y-%m} has roll-ups to do: restore its archived days, then refresh")
        _detach(cursor, month)
        ArchivedDay.objects.bulk_create([ArchivedDay(day=day) for day in read], ignore_conflicts=True)
    return detached_name(month)


def partition_drop(month: date) -> None:
    """Delete the table of a month that was taken out. What is not in the archive is lost."""
    with connection.cursor() as cursor:
        if not _exists(cursor, detached_name(month)):
            raise PartitionError(f"{month:%Y-%m} was not taken out")
        cursor.execute(f"DROP TABLE {detached_name(month)}")


def partition_attach(month: date) -> None:
    """Put a month back, with what has come for it since; the first value of a key stays."""
    detached, name = detached_name(month), OBSERVATIONS.partition(month)
    with _rollups_locked() as cursor:
        _lock_table(cursor)
        if not _exists(cursor, detached):
            raise PartitionError(f"{month:%Y-%m} was not taken out")
        if _exists(cursor, name):
            cursor.execute(MOVE.format(detached=detached, late=name))
            cursor.execute(f"DROP TABLE {name}")
        cursor.execute(f"ALTER TABLE {detached} RENAME TO {name}")
        cursor.execute(f"ALTER TABLE sensing_observation ATTACH PARTITION {name} {bounds(month)}")
        ArchivedDay.objects.filter(day__gte=month, day__lt=month_after(month)).delete()


def readings_forget(datastream_ids: Sequence[int], *, start: datetime, end: datetime) -> int:
    """Delete readings of single streams that lie in the archive; returns how many. Their roll-ups stand.

    A reading of these streams from before ``end`` that comes later changes no roll-up. PartitionError when
    roll-ups of that time are still to be done.
    """
    rollups_refresh()
    ids = list(datastream_ids)
    with _rollups_locked() as cursor:
        due = RollupDirty.objects.filter(hour__gte=start, hour__lt=end, datastreams__overlap=ids)
        if due.exists():
            raise PartitionError(f"there are roll-ups to do before {end}")
        cursor.execute(FORGOTTEN, [end, ids])
        cursor.execute(FORGET, [ids, start, end])
        return int(cursor.rowcount)


@contextmanager
def _rollups_locked() -> Iterator[Any]:
    """A transaction in which nobody else rolls up."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        lock_wait(Lock.ROLLUPS)
        yield cursor


def _lock_table(cursor: Any) -> None:
    """From now on nobody else writes, reads or makes a partition."""
    lock_wait(Lock.OBSERVATION_MONTHS)
    cursor.execute("LOCK TABLE ONLY sensing_observation IN ACCESS EXCLUSIVE MODE")


def _detach(cursor: Any, month: date) -> None:
    cursor.execute(f"ALTER TABLE sensing_observation DETACH PARTITION {OBSERVATIONS.partition(month)}")
    cursor.execute(f"ALTER TABLE {OBSERVATIONS.partition(month)} RENAME TO {detached_name(month)}")


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
    return bool(cursor.fetchone()[0])


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
