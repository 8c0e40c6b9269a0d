"""Where the lake's files are, and which days have to go there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection

from apps.archive.lake.places import Lake, lake_open
from apps.archive.models import LakeFile, LakeKind
from apps.sensing.selectors import days_archived

INSTANT = timedelta(microseconds=1)
MONTHS = """
    SELECT date_trunc('month', min(phenomenon_time), 'UTC'), date_trunc('month', max(phenomenon_time), 'UTC')
      FROM sensing_observation WHERE phenomenon_time < %s
"""
# Counted by stream first: the join is then with a few thousand rows.
COUNTS = """
    SELECT t.domain, day.day, sum(day.rows)::bigint, max(day.newest)
      FROM (SELECT datastream_id, (phenomenon_time AT TIME ZONE 'UTC')::date AS day,
                   count(*) AS rows, max(recorded_at) AS newest
              FROM {table} WHERE phenomenon_time >= %s AND phenomenon_time < %s
             GROUP BY 1, 2) day
      JOIN sensing_datastream d ON d.id = day.datastream_id
      JOIN sensing_thing t ON t.id = d.thing_id
     GROUP BY 1, 2
"""


def lake_here() -> Lake:
    """The lake of this installation."""
    return lake_open(settings.LAKE_URL)


def lake_paths(domain: str, start: datetime, end: datetime) -> list[str]:
    """Files with the observations of a domain from ``start`` to ``end`` (excluded), oldest day first.

    Plain paths where the lake is a folder, addresses such as ``s3://…`` elsewhere; whole days of UTC.
    """
    first, last = start.astimezone(UTC).date(), (end - INSTANT).astimezone(UTC).date()
    files = LakeFile.objects.filter(
        kind=LakeKind.OBSERVATIONS, domain=domain, day__gte=first, day__lte=last, rows__gt=0
    )
    return _outside(list(files.order_by("day").values_list("path", flat=True)))


def streams_paths() -> list[str]:
    """Files with the datastreams, one a domain."""
    files = LakeFile.objects.filter(kind=LakeKind.DATASTREAMS).order_by("domain")
    return _outside(list(files.values_list("path", flat=True)))


def _outside(paths: list[str]) -> list[str]:
    lake = lake_here()
    return [lake.outside(path) for path in paths]


def day_counts(
    start: datetime, end: datetime, *, table: str = "sensing_observation"
) -> dict[tuple[str, date], tuple[int, datetime]]:
    """Rows and newest ``recorded_at`` in the table by domain and day."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(table=table), [start, end])
        return {(domain, day): (rows, newest) for domain, day, rows, newest in cursor.fetchall()}


def files_of(day: date, *, domain: str = "") -> list[LakeFile]:
    """The files with observations of a day, of one domain or of all."""
    files = LakeFile.objects.filter(kind=LakeKind.OBSERVATIONS, day=day)
    return list((files.filter(domain=domain) if domain else files).order_by("domain"))


def table_months(before: datetime) -> tuple[datetime, datetime] | None:
    """The first moments of the first and of the last month that has observations before a moment."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [before])
        first, last = cursor.fetchone()
    return None if first is None else (first, last)


def days_due(start: datetime, end: datetime) -> dict[tuple[str, date], int]:
    """Days whose readings are not all in the lake as they are now, with their rows in the table.

    A day is due when it has no file, more rows than its file, or a reading known later than any in it, or
    when readings came after its partition had left the table. Fewer rows alone: streams have left it.
    """
    late = set(days_archived(first=start.date(), last=end.date()))
    files = LakeFile.objects.filter(kind=LakeKind.OBSERVATIONS, day__gte=start.date(), day__lt=end.date())
    known = {(file.domain, file.day): file for file in files}
    due = {}
    for key, (rows, newest) in day_counts(start, end).items():
        file = known.get(key)
        if file is None or key[1] in late or _is_newer(file, rows, newest):
            due[key] = rows
    return due


def _is_newer(file: LakeFile, rows: int, newest: datetime) -> bool:
    return rows > file.rows or file.newest is None or newest > file.newest
