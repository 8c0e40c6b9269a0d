"""What a datastream usually reads at this hour, from the roll-ups of past weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

WEEKS = 4
LEAST_DAYS = 3  # with fewer nothing can be called usual
SATURDAY = 5
QUANTILE = """
    SELECT datastream_id, percentile_cont(%(quantile)s) WITHIN GROUP (ORDER BY total / count)
      FROM sensing_rolluphour
     WHERE datastream_id = ANY(%(streams)s) AND bucket = ANY(%(hours)s) AND count > 0
     GROUP BY datastream_id HAVING count(*) >= %(least)s
"""


def usual_values(datastream_ids: Sequence[int], *, at: datetime) -> dict[int, float]:
    """The median of this hour over the days of the same sort (workdays, or weekends) of the last four weeks.

    Streams with fewer than three such hours are absent.
    """
    local = timezone.localtime(at, timezone.get_default_timezone())
    is_weekend = local.weekday() >= SATURDAY
    days = (local.date() - timedelta(days=back) for back in range(1, 7 * WEEKS + 1))
    hours = [_hour(day, local.hour) for day in days if (day.weekday() >= SATURDAY) == is_weekend]
    return _quantiles(datastream_ids, hours, quantile=0.5, least=LEAST_DAYS)


def _hour(day: date, hour: int) -> datetime:
    """The roll-up in which a full hour of the city's clock begins."""
    local = datetime.combine(day, time(hour), ZoneInfo(timezone.get_default_timezone_name()))
    return datetime.fromtimestamp(local.timestamp() // 3600 * 3600, local.tzinfo)


def _quantiles(
    streams: Sequence[int], hours: list[datetime], *, quantile: float, least: int
) -> dict[int, float]:
    values = {"streams": list(streams), "hours": hours, "quantile": quantile, "least": least}
    with connection.cursor() as cursor:
        cursor.execute(QUANTILE, values)
        return dict(cursor.fetchall())
