"""One datastream in buckets of any width, read from the coarsest roll-up that fits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from apps.sensing.charts.points import Points
from apps.sensing.charts.widths import STEPS, Source, source_for
from apps.sensing.data import Floats, Quality

MOST_RAW = 200_000  # rows of one chart
RAW = """
    SELECT extract(epoch FROM phenomenon_time)::float8, result, quality FROM sensing_observation
     WHERE datastream_id = %(stream)s AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
     ORDER BY phenomenon_time LIMIT %(most)s
"""
ROWS = """
    SELECT extract(epoch FROM bucket)::float8, count, total, lowest, highest, unusable
      FROM sensing_rollup{source}
     WHERE datastream_id = %(stream)s
       AND bucket >= to_timestamp(%(first)s) AND bucket < to_timestamp(%(last)s)
     ORDER BY bucket
"""
WIDER = """
    SELECT step * %(width)s::float8, sum(count), sum(total), min(lowest), max(highest), sum(unusable)
      FROM (SELECT floor(extract(epoch FROM bucket) / %(width)s) AS step,
                   count, total, lowest, highest, unusable
              FROM sensing_rollup{source}
             WHERE datastream_id = %(stream)s
               AND bucket >= to_timestamp(%(first)s) AND bucket < to_timestamp(%(last)s)) AS rows
     GROUP BY step ORDER BY step
"""


def points_raw(*, datastream_id: int, start: datetime, end: datetime) -> Points:
    """Every reading, up to ``MOST_RAW``; readings that are not usable have no value."""
    wanted = {"stream": datastream_id, "start": start, "end": end, "most": MOST_RAW}
    times, results, quality = _columns(RAW, wanted, 3)
    values = np.where(quality < Quality.BAD, results, np.nan)
    usable = np.isfinite(values)
    return Points(
        _milliseconds(times), values, values, values, usable.astype(np.int64), quality.astype(np.int16)
    )


def points_bucketed(*, datastream_id: int, start: datetime, end: datetime, width: int) -> Points:
    """Whole buckets of ``width`` seconds, counted from 1970 UTC, that meet the period."""
    source = source_for(width)
    first, last = start.timestamp() // width * width, -(-end.timestamp() // width) * width
    wanted = {"stream": datastream_id, "first": first, "last": last, "width": width}
    return _rolled(source, wanted, is_wider=width != STEPS[source])


def points_of_source(*, datastream_id: int, start: datetime, end: datetime, source: Source) -> Points:
    """The rows of one table as they are."""
    if source == "raw":
        return points_raw(datastream_id=datastream_id, start=start, end=end)
    return points_bucketed(datastream_id=datastream_id, start=start, end=end, width=STEPS[source])


def _rolled(source: str, wanted: dict[str, Any], *, is_wider: bool) -> Points:
    query = (WIDER if is_wider else ROWS).format(source=source)
    times, counts, totals, lows, highs, unusable = _columns(query, wanted, 6)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(counts > 0, totals / counts, np.nan)
    quality = np.select([counts == 0, unusable > 0], [Quality.BAD, Quality.SUSPECT], Quality.GOOD)
    counted = counts.astype(np.int64)
    return Points(_milliseconds(times), means, lows, highs, counted, quality.astype(np.int16))


def _columns(query: str, wanted: dict[str, Any], width: int) -> Floats:
    """The columns of a query as arrays of floats; null becomes NaN."""
    with connection.cursor() as cursor:
        cursor.execute(query, wanted)
        return np.ascontiguousarray(np.array(cursor.fetchall(), np.float64).reshape(-1, width).T)


def _milliseconds(seconds: Any) -> Any:
    return np.rint(seconds * 1000).astype(np.int64)
