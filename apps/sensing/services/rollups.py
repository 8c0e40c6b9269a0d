"""Minute, hour and day values, computed again from the observations wherever readings have changed.

Recomputing whole hours, in the order of time, keeps late, replayed and corrected readings exact to the bit.
The hours of an archived day wait until its readings are back: without them nothing can be computed.
"""

from __future__ import annotations

from django.db import connection, transaction

from apps.core.locks import Lock, lock_try

BATCH = 20  # dirty rows a round: an hour of every stream each, so that no round takes long
TAKE = """
    DELETE FROM sensing_rollupdirty
     WHERE id IN (
           SELECT id FROM sensing_rollupdirty
            WHERE NOT EXISTS (SELECT FROM sensing_archivedday WHERE day = (hour AT TIME ZONE 'UTC')::date)
            ORDER BY id LIMIT %s)
    RETURNING hour, datastreams
"""
TODO = """
    CREATE TEMP TABLE IF NOT EXISTS rollup_todo (hour timestamptz, datastream_id bigint)
        ON COMMIT DELETE ROWS;
    TRUNCATE rollup_todo
"""
FILL = "INSERT INTO rollup_todo SELECT %s, unnest(%s::bigint[])"
LEAVE = """
    DELETE FROM rollup_todo todo USING sensing_archivedstream gone
     WHERE gone.datastream_id = todo.datastream_id AND todo.hour < gone.before
"""
REPLACE = """
    WITH todo AS MATERIALIZED (
        SELECT DISTINCT date_bin('1 {span}', hour, 'epoch') AS start, datastream_id FROM rollup_todo
    ), new AS (
        INSERT INTO sensing_rollup{name} (datastream_id, bucket, count, total, lowest, highest, unusable)
        {values}
        ON CONFLICT (datastream_id, bucket) DO UPDATE
           SET count = excluded.count, total = excluded.total, lowest = excluded.lowest,
               highest = excluded.highest, unusable = excluded.unusable
        RETURNING datastream_id, bucket
    )
    DELETE FROM sensing_rollup{name} old USING todo
     WHERE old.datastream_id = todo.datastream_id
       AND old.bucket >= todo.start AND old.bucket < todo.start + interval '1 {span}'
       AND NOT EXISTS (
           SELECT FROM new WHERE new.datastream_id = old.datastream_id AND new.bucket = old.bucket)
"""
# The mean of directions: 359 and 1 degrees are 0 on average, not 180. Positive ones have a positive mean.
ANGLE = """
    (SELECT CASE WHEN {lowest} < 0 THEN mean ELSE mod(mean + 360, 360) END::float8
       FROM (SELECT round(degrees(atan2({sines}, {cosines}))::numeric, 9) AS mean) AS direction)
"""
OF_OBSERVATIONS = ANGLE.format(
    lowest="min(o.result) FILTER (WHERE o.quality < 2)",
    sines="sum(sind(o.result) ORDER BY o.phenomenon_time) FILTER (WHERE o.quality < 2)",
    cosines="sum(cosd(o.result) ORDER BY o.phenomenon_time) FILTER (WHERE o.quality < 2)",
)
OF_HOURS = ANGLE.format(
    lowest="min(h.lowest)",
    sines="sum(h.count * sind(h.total / nullif(h.count, 0)) ORDER BY h.bucket)",
    cosines="sum(h.count * cosd(h.total / nullif(h.count, 0)) ORDER BY h.bucket)",
)
FROM_OBSERVATIONS = """
    SELECT o.datastream_id, date_bin('1 {name}', o.phenomenon_time, 'epoch'),
           count(*) FILTER (WHERE o.quality < 2),
           coalesce(CASE WHEN stream.unit = 'deg' THEN {angle} * count(o.result) FILTER (WHERE o.quality < 2)
                         ELSE sum(o.result + 0 ORDER BY o.phenomenon_time) FILTER (WHERE o.quality < 2)
                    END, 0),
           min(o.result + 0) FILTER (WHERE o.quality < 2), max(o.result + 0) FILTER (WHERE o.quality < 2),
           count(*) FILTER (WHERE o.quality >= 2)
      FROM todo JOIN sensing_observation o ON o.datastream_id = todo.datastream_id
       AND o.phenomenon_time >= todo.start AND o.phenomenon_time < todo.start + interval '1 hour'
      JOIN sensing_datastream stream ON stream.id = todo.datastream_id
     GROUP BY 1, 2, stream.unit
"""  # "+ 0" makes a negative zero positive: sum and minimum would depend on which of the two came first
FROM_HOURS = """
    SELECT h.datastream_id, todo.start,
           sum(h.count),
           CASE WHEN stream.unit = 'deg' AND sum(h.count) > 0 THEN {angle} * sum(h.count)
                ELSE sum(h.total ORDER BY h.bucket) END,
           min(h.lowest), max(h.highest), sum(h.unusable)
      FROM todo JOIN sensing_rolluphour h ON h.datastream_id = todo.datastream_id
       AND h.bucket >= todo.start AND h.bucket < todo.start + interval '1 day'
      JOIN sensing_datastream stream ON stream.id = todo.datastream_id
     GROUP BY 1, 2, stream.unit
"""
STATEMENTS = (
    *(
        REPLACE.format(
            name=name, span="hour", values=FROM_OBSERVATIONS.format(name=name, angle=OF_OBSERVATIONS)
        )
        for name in ("minute", "hour")
    ),
    REPLACE.format(name="day", span="day", values=FROM_HOURS.format(angle=OF_HOURS)),
)


@transaction.atomic
def rollups_refresh_once() -> int:
    """Work off up to ``BATCH`` dirty rows; returns how many there were, 0 when another worker is at it.

    The lock keeps an older computation from overwriting a newer one.
    """
    if not lock_try(Lock.ROLLUPS):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [BATCH])
        rows = cursor.fetchall()
        if not rows:
            return 0
        cursor.execute(TODO)
        cursor.executemany(FILL, rows)
        cursor.execute(LEAVE)
        cursor.execute("ANALYZE rollup_todo")
        for statement in STATEMENTS:
            cursor.execute(statement)
    return len(rows)


def rollups_refresh() -> int:
    """Work off every dirty row; returns how many there were."""
    total = 0
    while done := rollups_refresh_once():
        total += done
    return total
