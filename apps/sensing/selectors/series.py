"""Readings of datastreams over time: raw, rolled up, or as a matrix for learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from apps.sensing.data import SeriesMatrix
from apps.sensing.models import Observation, RollupDay, RollupHour, RollupMinute

Bucket = Literal["raw", "minute", "hour", "day"]
ROLLUPS: dict[str, type[RollupMinute] | type[RollupHour] | type[RollupDay]] = {
    "minute": RollupMinute,
    "hour": RollupHour,
    "day": RollupDay,
}
MEANS = """
    SELECT datastream_id, floor(extract(epoch FROM phenomenon_time) / %(step)s)::bigint AS step, avg(result)
      FROM sensing_observation
     WHERE datastream_id = ANY(%(streams)s) AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
       AND quality < 2
     GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One datastream over time; None marks a bucket without usable readings."""

    times: list[int]  # unix milliseconds
    values: list[float | None]
    lows: list[float | None]
    highs: list[float | None]
    quality: list[int]


def observations_between(*, datastream_id: int, start: datetime, end: datetime) -> QuerySet[Observation]:
    """The raw observations of one datastream in time order."""
    rows = Observation.objects.filter(datastream_id=datastream_id, phenomenon_time__gte=start)
    return rows.filter(phenomenon_time__lt=end).order_by("phenomenon_time")


def series_between(*, datastream_id: int, start: datetime, end: datetime, bucket: Bucket) -> Series:
    """The series in ``bucket`` width; roll-ups give mean, minimum and maximum."""
    if bucket == "raw":
        raw = observations_between(datastream_id=datastream_id, start=start, end=end)
        rows = [
            (time, value, value, value, quality)
            for time, value, quality in raw.values_list("phenomenon_time", "result", "quality")
        ]
    else:
        rolled = ROLLUPS[bucket].objects.filter(
            datastream_id=datastream_id, bucket__gte=start, bucket__lt=end
        )
        fields = rolled.order_by("bucket").values_list("bucket", "total", "count", "lowest", "highest")
        rows = [
            (time, total / count if count else None, low, high, 0 if count else 2)
            for time, total, count, low, high in fields
        ]
    return Series(
        times=[int(row[0].timestamp() * 1000) for row in rows],
        values=[row[1] for row in rows],
        lows=[row[2] for row in rows],
        highs=[row[3] for row in rows],
        quality=[row[4] for row in rows],
    )


def series_matrix(
    *, datastream_ids: Sequence[int], start: datetime, end: datetime, step_seconds: int
) -> SeriesMatrix:
    """Means of the usable readings of many datastreams per step; steps begin at multiples of the step."""
    first = int(start.timestamp()) // step_seconds
    last = -(-int(end.timestamp()) // step_seconds)
    values = np.full((max(last - first, 0), len(datastream_ids)), np.nan)
    columns = {stream: column for column, stream in enumerate(datastream_ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            MEANS, {"step": step_seconds, "streams": list(datastream_ids), "start": start, "end": end}
        )
        for stream, step, mean in cursor.fetchall():
            values[step - first, columns[stream]] = mean
    times = (np.arange(first, last) * step_seconds).astype("datetime64[s]")
    return SeriesMatrix(times, values, tuple(datastream_ids))
