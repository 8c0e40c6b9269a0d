"""Questions about the months of the observations: which are in the table, which were taken out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from apps.core.partitions import month_after
from apps.sensing.models.observations import ArchivedDay

ATTACHED = """
    SELECT c.relname, greatest(c.reltuples, pg_stat_get_live_tuples(c.oid))::bigint
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'sensing_observation'::regclass ORDER BY 1
"""
DETACHED = """
    SELECT relname, greatest(reltuples, pg_stat_get_live_tuples(oid))::bigint FROM pg_class
     WHERE relkind = 'r' AND relname ~ '^sensing_detached_[0-9]{6}$' ORDER BY 1
"""
WAITING = """
    SELECT DISTINCT day FROM sensing_archivedday
      JOIN sensing_rollupdirty ON day = (hour AT TIME ZONE 'UTC')::date ORDER BY 1
"""


class Partition(NamedTuple):
    """One month of observations: its table, its first and its last day, and about how many rows it has."""

    name: str
    first: date
    last: date
    rows: int


def partitions_list() -> list[Partition]:
    """The months in the table, the oldest first."""
    return _partitions(ATTACHED)


def partitions_detached() -> list[Partition]:
    """The months that were taken out and not dropped yet."""
    return _partitions(DETACHED)


def _partitions(question: str) -> list[Partition]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [_partition(name, rows) for name, rows in cursor.fetchall()]


def _partition(name: str, rows: int) -> Partition:
    digits = name.rpartition("_")[2]
    first = date(int(digits[:4]), int(digits[4:]), 1)
    return Partition(name, first, month_after(first) - timedelta(days=1), rows)


def days_archived(*, first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last`` (included) whose readings have left the table."""
    return list(ArchivedDay.objects.filter(day__gte=first, day__lte=last).values_list("day", flat=True))


def days_waiting() -> list[date]:
    """Archived days for which readings have come since: restore them, then archive them again."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return [day for (day,) in cursor.fetchall()]
