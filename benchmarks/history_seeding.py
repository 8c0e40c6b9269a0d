"""A year of readings a minute apart, written and rolled up by the database itself, month by month."""

from __future__ import annotations

import time
from datetime import date, datetime

from apps.core.partitions import bounds, month_after
from apps.sensing.ingest.partitions import OBSERVATIONS
from tests.faults.bare import Bare

READER = "from benchmarks.readers import reader_key; print(reader_key())"
BARE_MONTH = "CREATE TABLE {name} (LIKE sensing_observation INCLUDING DEFAULTS)"
FILL = """
    INSERT INTO {name} (datastream_id, phenomenon_time, result)
    SELECT stream, moment, round((800 + 300 * sin(extract(epoch FROM moment) / 13750 + stream)
           + 20 * random())::numeric, 1)
      FROM unnest(%s::bigint[]) AS stream,
           generate_series(greatest(%s::timestamptz, %s), least(%s::timestamptz, %s) - interval '1 minute',
                           interval '1 minute') AS moment
"""
KEY = "ALTER TABLE {name} ADD PRIMARY KEY (datastream_id, phenomenon_time)"
ATTACH = "ALTER TABLE sensing_observation ATTACH PARTITION {name} {bounds}"
HOURS = """
    INSERT INTO sensing_rolluphour (datastream_id, bucket, count, total, lowest, highest, unusable)
    SELECT datastream_id, date_bin('1 hour', phenomenon_time, 'epoch'), count(*), sum(result), min(result),
           max(result), 0
      FROM {name} GROUP BY 1, 2
"""
DAYS = """
    INSERT INTO sensing_rollupday (datastream_id, bucket, count, total, lowest, highest, unusable)
    SELECT datastream_id, date_bin('1 day', bucket, 'epoch'), sum(count), sum(total), min(lowest),
           max(highest), 0
      FROM sensing_rolluphour GROUP BY 1, 2
"""


def year_make(bare: Bare, streams: list[int], *, start: datetime, end: datetime) -> float:
    """A reading a minute of every stream from ``start`` to ``end``; returns the seconds that it took."""
    began, month = time.perf_counter(), date(start.year, start.month, 1)
    while month < end.date():
        name, after = OBSERVATIONS.partition(month), month_after(month)
        bare.stack.sql(f"DROP TABLE IF EXISTS {name}")
        bare.stack.sql(BARE_MONTH.format(name=name))
        bare.stack.sql(FILL.format(name=name), streams, start, month, end, after)
        bare.stack.sql(KEY.format(name=name))
        bare.stack.sql(ATTACH.format(name=name, bounds=bounds(month)))
        bare.stack.sql(HOURS.format(name=name))
        month = after
    bare.stack.sql(DAYS)
    for table in ("sensing_observation", "sensing_rolluphour", "sensing_rollupday"):
        bare.stack.sql(f"VACUUM ANALYZE {table}")
    return time.perf_counter() - began
