"""Readings of datastreams over time: raw, rolled up, or as a matrix for learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from typing import Literal

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from apps.sensing.data import Quality, SeriesMatrix
from apps.sensing.models import Observation, RollupDay, RollupHour, RollupMinute
from apps.sensing.selectors.history import KNOWN, observations_known

Bucket = Literal["raw", "minute", "hour", "day"]
SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
ROLLUPS: dict[str, type[RollupMinute] | type[RollupHour] | type[RollupDay]] = {
    "minute": RollupMinute,
    "hour": RollupHour,
    "day": RollupDay,
}
NOW = """
    SELECT datastream_id, phenomenon_time, result, quality FROM sensing_observation
     WHERE datastream_id = ANY(%(streams)s) AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
"""
MEANS = """
    SELECT datastream_id, floor(extract(epoch FROM phenomenon_time) / %(step)s)::bigint AS step, avg(result)
      FROM ({source}) AS version WHERE quality < 2 GROUP BY 1, 2
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


def series_between(
    *,
    datastream_id: int,
    start: datetime,
    end: datetime,
    bucket: Bucket,
    known_at: datetime | None = None,
) -> Series:
    """The series in ``bucket`` width, as it stands or as it was known; roll-ups give mean, least and most."""
    if known_at is not None:
        return series_known(
            datastream_id=datastream_id, start=start, end=end, bucket=bucket, known_at=known_at
        )
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


def series_known(
    *, datastream_id: int, start: datetime, end: datetime, bucket: Bucket, known_at: datetime
) -> Series:
    """The series as it was known at ``known_at``; its buckets are computed from those very versions."""
    rows = observations_known(datastream_ids=[datastream_id], start=start, end=end, known_at=known_at)
    if bucket == "raw":
        values = [row.result for row in rows]
        return Series(
            times=[int(row.phenomenon_time.timestamp() * 1000) for row in rows],
            values=values,
            lows=values,
            highs=values,
            quality=[row.quality for row in rows],
        )
    width = SECONDS[bucket]
    steps: dict[int, list[float]] = {}
    for row in rows:
        usable = steps.setdefault(int(row.phenomenon_time.timestamp()) // width, [])
        if row.quality < Quality.BAD and row.result is not None:
            usable.append(row.result)
    return Series(
        times=[step * width * 1000 for step in steps],
        values=[fsum(values) / len(values) if values else None for values in steps.values()],
        lows=[min(values, default=None) for values in steps.values()],
        highs=[max(values, default=None) for values in steps.values()],
        quality=[0 if values else 2 for values in steps.values()],
    )


def series_matrix(
    *,
    datastream_ids: Sequence[int],
    start: datetime,
    end: datetime,
    step_seconds: int,
    known_at: datetime | None = None,
) -> SeriesMatrix:
    """Means of the usable readings of many datastreams per step; steps begin at multiples of the step.

    ``known_at`` asks for the readings as they were known then: without what came or was corrected later.
    """
    first = int(start.timestamp()) // step_seconds
    last = -(-int(end.timestamp()) // step_seconds)
    values = np.full((max(last - first, 0), len(datastream_ids)), np.nan)
    columns = {stream: column for column, stream in enumerate(datastream_ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            MEANS.format(source=NOW if known_at is None else KNOWN),
            {
                "step": step_seconds,
                "streams": list(datastream_ids),
                "start": start,
                "end": end,
                "known_at": known_at,
            },
        )
        for stream, step, mean in cursor.fetchall():
            values[step - first, columns[stream]] = mean
    times = (np.arange(first, last) * step_seconds).astype("datetime64[s]")
    return SeriesMatrix(times, values, tuple(datastream_ids))
