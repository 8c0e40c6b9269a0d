"""Archived days back into the table, so that late readings of those days are counted exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from apps.sensing.ingest.partitions import partitions_make
from apps.sensing.models.observations import ArchivedDay

ArchivedRow = tuple[int, datetime, float | None, float | None, int, int, datetime]
COLUMNS = "datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at"
STAGE = """
    CREATE TEMP TABLE sensing_restored ON COMMIT DROP AS
    SELECT datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at
      FROM sensing_observation WITH NO DATA
"""
OUTSIDE = """
    SELECT count(*) FROM sensing_restored
     WHERE phenomenon_time < %(start)s OR phenomenon_time >= %(end)s
"""
MERGE = """
    INSERT INTO sensing_observation
           (datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at)
    SELECT datastream_id, phenomenon_time, result, raw, quality, flags, recorded_at
      FROM sensing_restored ORDER BY datastream_id, phenomenon_time
    ON CONFLICT (datastream_id, phenomenon_time) DO UPDATE
       SET result = excluded.result, raw = excluded.raw, quality = excluded.quality,
           flags = excluded.flags, recorded_at = excluded.recorded_at
"""  # what was archived came first, and the first value of a key stays


@transaction.atomic
def day_restore(day: date, *, rows: Iterable[ArchivedRow]) -> int:
    """Put every archived reading of a day (of UTC) back; its roll-ups follow again. Returns how many rows.

    A row is (datastream id, time, result, raw, quality, flags, recorded at), in any order, each key once.
    ValueError when one lies outside the day: then nothing is changed.
    """
    start = datetime.combine(day, time.min, UTC)
    with connection.cursor() as cursor:
        partitions_make(cursor.cursor, {day.replace(day=1)})
        cursor.execute(STAGE)
        with cursor.cursor.copy(f"COPY sensing_restored ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(OUTSIDE, {"start": start, "end": start + timedelta(days=1)})
        if cursor.fetchone()[0]:
            raise ValueError(f"readings outside {day}")
        cursor.execute(MERGE)
        count = int(cursor.rowcount)
    ArchivedDay.objects.filter(day=day).delete()
    return count
