"""Minute, hour and day values, computed again from the observations wherever readings have changed.

Recomputing whole hours keeps late, replayed and out-of-order readings exact.
"""

from __future__ import annotations

from django.db import connection, transaction

ROLLUP_LOCK = 0x4350524C
BATCH = 20  # dirty rows a round: an hour of every stream each, so that no round takes long
TAKE = """
    DELETE FROM sensing_rollupdirty
     WHERE id IN (SELECT id FROM sensing_rollupdirty ORDER BY id LIMIT %s)
    RETURNING hour, datastreams
"""
TODO = """
    CREATE TEMP TABLE IF NOT EXISTS rollup_todo (hour timestamptz, datastream_id bigint)
        ON COMMIT DELETE ROWS;
    TRUNCATE rollup_todo
"""
FILL = "INSERT INTO rollup_todo SELECT %s, unnest(%s::bigint[])"
FROM_OBSERVATIONS = """
    INSERT INTO sensing_rollup{name} (datastream_id, bucket, count, total, lowest, highest, unusable)
    SELECT o.datastream_id, date_bin('1 {name}', o.phenomenon_time, 'epoch'),
           count(*) FILTER (WHERE o.quality < 2),
           coalesce(sum(o.result ORDER BY o.phenomenon_time) FILTER (WHERE o.quality < 2), 0),
           min(o.result) FILTER (WHERE o.quality < 2), max(o.result) FILTER (WHERE o.quality < 2),
           count(*) FILTER (WHERE o.quality >= 2)
      FROM (SELECT DISTINCT hour, datastream_id FROM rollup_todo) todo
      JOIN sensing_observation o ON o.datastream_id = todo.datastream_id
       AND o.phenomenon_time >= todo.hour AND o.phenomenon_time < todo.hour + interval '1 hour'
     GROUP BY 1, 2
    {conflict}
"""
FROM_HOURS = """
    INSERT INTO sensing_rollupday (datastream_id, bucket, count, total, lowest, highest, unusable)
    SELECT h.datastream_id, date_bin('1 day', h.bucket, 'epoch'),
           sum(h.count), sum(h.total ORDER BY h.bucket), min(h.lowest), max(h.highest), sum(h.unusable)
      FROM (SELECT DISTINCT date_bin('1 day', hour, 'epoch') AS day, datastream_id FROM rollup_todo) todo
      JOIN sensing_rolluphour h ON h.datastream_id = todo.datastream_id
       AND h.bucket >= todo.day AND h.bucket < todo.day + interval '1 day'
     GROUP BY 1, 2
    {conflict}
"""
CONFLICT = """
    ON CONFLICT (datastream_id, bucket) DO UPDATE
       SET count = excluded.count, total = excluded.total, lowest = excluded.lowest,
           highest = excluded.highest, unusable = excluded.unusable
"""


@transaction.atomic
def rollups_refresh_once() -> int:
    """Work off up to ``BATCH`` dirty rows; returns how many there were, 0 when another worker is at it.

    The lock keeps an older computation from overwriting a newer one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROLLUP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(TAKE, [BATCH])
        rows = cursor.fetchall()
        if not rows:
            return 0
        cursor.execute(TODO)
        cursor.executemany(FILL, rows)
        cursor.execute("ANALYZE rollup_todo")
        cursor.execute(FROM_OBSERVATIONS.format(name="minute", conflict=CONFLICT))
        cursor.execute(FROM_OBSERVATIONS.format(name="hour", conflict=CONFLICT))
        cursor.execute(FROM_HOURS.format(conflict=CONFLICT))
    return len(rows)


def rollups_refresh() -> int:
    """Work off every dirty row; returns how many there were."""
    total = 0
    while done := rollups_refresh_once():
        total += done
    return total
