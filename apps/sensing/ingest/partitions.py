"""Monthly partitions of the observations, made ahead and on demand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from apps.sensing.cleaning.judging import MICROSECONDS
from apps.sensing.data import Integers

PARTITION_LOCK = 0x43505054
MONTHS_A_YEAR = 12
# The rows of the catalogue: to_regclass() may repeat from its cache what was true before the lock was had.
MADE = "SELECT 1 FROM pg_class WHERE relname = %s AND relnamespace = current_schema()::regnamespace"


def month_after(month: date) -> date:
    """The first day of the next month."""
    year, ahead = divmod(month.month, MONTHS_A_YEAR)
    return date(month.year + year, ahead + 1, 1)


def months_of(times: Integers) -> set[date]:
    """The first days of the months that hold these microseconds."""
    if not len(times):
        return set()
    months = np.unique(times.astype("datetime64[us]").astype("datetime64[M]"))
    return {month.astype(object) for month in months}


def months_between(start: datetime, end: datetime) -> set[date]:
    """The months from ``start`` to ``end``, both included."""
    month, months = start.astimezone(UTC).date().replace(day=1), set()
    while month <= end.astimezone(UTC).date():
        months.add(month)
        month = month_after(month)
    return months


def partition_name(month: date) -> str:
    """The partition of a month as part of the table."""
    return f"sensing_observation_{month:%Y%m}"


def detached_name(month: date) -> str:
    """The same, once it has been taken out of the table."""
    return f"sensing_detached_{month:%Y%m}"


def bounds(month: date) -> str:
    """``FOR VALUES`` of a month in UTC."""
    return f"FOR VALUES FROM ('{month} 00:00+00') TO ('{month_after(month)} 00:00+00')"


def partitions_make(cursor: Any, months: set[date]) -> None:
    """Create what is missing. Under a lock: two doors may meet the same new month at once.

    A table of its own that is then attached waits for no reader; CREATE TABLE … PARTITION OF would wait for
    every open query and dump, and all writers and readers behind it.
    """
    for month in sorted(months):
        name = partition_name(month)
        if cursor.execute("SELECT to_regclass(%s)", [name]).fetchone()[0] is not None:
            continue
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITION_LOCK])
        if cursor.execute(MADE, [name]).fetchone():
            continue
        cursor.execute(f"CREATE TABLE {name} (LIKE sensing_observation INCLUDING DEFAULTS)")
        cursor.execute(f"ALTER TABLE sensing_observation ATTACH PARTITION {name} {bounds(month)}")


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return round(moment.timestamp() * MICROSECONDS)
