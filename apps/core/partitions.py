"""Tables partitioned by month in UTC: their months are made ahead and on demand, and dropped whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from apps.core.locks import UNTIL_COMMIT, Lock

MONTHS_A_YEAR = 12
# The rows of the catalogue: to_regclass() may repeat from its cache what was true before the lock was had.
MADE = "SELECT 1 FROM pg_class WHERE relname = %s AND relnamespace = current_schema()::regnamespace"
PARTS = """
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = %s::regclass ORDER BY 1
"""


def month_of(moment: datetime) -> date:
    """The first day of the month, in UTC, that holds ``moment``."""
    return moment.astimezone(UTC).date().replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    year, ahead = divmod(month.month, MONTHS_A_YEAR)
    return date(month.year + year, ahead + 1, 1)


def months_between(start: datetime, end: datetime) -> set[date]:
    """The months from ``start`` to ``end``, both included."""
    month, last, months = month_of(start), month_of(end), set()
    while month <= last:
        months.add(month)
        month = month_after(month)
    return months


def bounds(month: date) -> str:
    """``FOR VALUES`` of a month in UTC."""
    return f"FOR VALUES FROM ('{month} 00:00+00') TO ('{month_after(month)} 00:00+00')"


@dataclass(frozen=True, slots=True)
class MonthlyTable:
    """A table with one partition a month; ``lock`` is the advisory lock under which months come and go."""

    name: str
    lock: Lock

    def partition(self, month: date) -> str:
        """The name of a month's partition."""
        return f"{self.name}_{month:%Y%m}"

    def make(self, cursor: Any, months: Iterable[date]) -> None:
        """Create the months that are missing, inside the caller's transaction.

        Under a lock: two writers may meet the same new month at once. A table of its own that is then
        attached waits for no reader; CREATE TABLE … PARTITION OF would wait for every open query and dump,
        and all writers and readers behind it.
        """
        for month in sorted(months):
            name = self.partition(month)
            if cursor.execute("SELECT to_regclass(%s)", [name]).fetchone()[0] is not None:
                continue
            cursor.execute(UNTIL_COMMIT, [int(self.lock)])
            if cursor.execute(MADE, [name]).fetchone():
                continue
            cursor.execute(f"CREATE TABLE {name} (LIKE {self.name} INCLUDING DEFAULTS)")
            cursor.execute(f"ALTER TABLE {self.name} ATTACH PARTITION {name} {bounds(month)}")

    def months(self, cursor: Any) -> list[date]:
        """The months that the table has, the oldest first."""
        names = [name for (name,) in cursor.execute(PARTS, [self.name]).fetchall()]
        digits = [name.removeprefix(f"{self.name}_") for name in names]
        return [date(int(text[:4]), int(text[4:]), 1) for text in digits]

    def drop(self, cursor: Any, month: date) -> None:
        """Drop a month with all its rows; waits for whoever reads it, so set a ``lock_timeout``."""
        cursor.execute(UNTIL_COMMIT, [int(self.lock)])
        cursor.execute(f"DROP TABLE {self.partition(month)}")
