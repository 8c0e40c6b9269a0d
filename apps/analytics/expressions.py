"""Questions over the lake, written once as Ibis expressions: both engines run them as they stand.

Every expression takes the engine and the table of observations (columns of ``apps.archive.data.LAKE_SCHEMA``)
and gives a small table; the methods beside this file go on from there in plain numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ibis import _
from ibis.expr.types import Table

from apps.analytics.engines import Engine
from apps.sensing.data import Quality

HOUR, DAY_HOURS, WEEK_DAYS = 3600, 24, 7
THURSDAY = 4  # 1970-01-01, counted from Sunday


def observations_wanted(table: Table, *, streams: Sequence[int], start: datetime, end: datetime) -> Table:
    """The observations of these streams from ``start`` up to ``end``; whole days are left out unread."""
    days = (_.day >= start.date(), _.day <= end.date())
    times = (_.phenomenon_time >= start, _.phenomenon_time < end)
    return table.filter(*days, *times, _.datastream_id.isin(list(streams)))


def bucket_means(engine: Engine, table: Table, *, seconds: int) -> Table:
    """``datastream_id, bucket, mean, count`` of the usable values; bucket is counted from 1970."""
    usable = table.filter(_.quality < Quality.BAD.value)
    numbered = usable.mutate(bucket=engine.bucket(usable.phenomenon_time, seconds))
    return numbered.group_by("datastream_id", "bucket").agg(mean=_.result.mean(), count=_.count())


def summaries(table: Table) -> Table:
    """``datastream_id, count, usable, mean, deviation, lowest, highest`` (sample standard deviation)."""
    good = _.quality < Quality.BAD.value
    return table.group_by("datastream_id").agg(
        count=_.count(),
        usable=good.sum(),
        mean=_.result.mean(where=good),
        deviation=_.result.std(where=good, how="sample"),
        lowest=_.result.min(where=good),
        highest=_.result.max(where=good),
    )


def hourly_profiles(engine: Engine, table: Table, *, offset_hours: int) -> Table:
    """``datastream_id, weekday, hour, mean, deviation, count``: the usual week, Sunday 0, in local hours."""
    usable = table.filter(_.quality < Quality.BAD.value)
    local = usable.mutate(number=engine.bucket(usable.phenomenon_time, HOUR) + offset_hours)
    days = ((_.number - _.number % DAY_HOURS) / DAY_HOURS).cast("int64")
    named = local.mutate(hour=_.number % DAY_HOURS, weekday=(days + THURSDAY) % WEEK_DAYS)
    return named.group_by("datastream_id", "weekday", "hour").agg(
        mean=_.result.mean(), deviation=_.result.std(how="sample"), count=_.count()
    )
