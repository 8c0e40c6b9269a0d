"""What a datastream usually reads at this hour, and in its quiet hours, from the roll-ups of past weeks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from apps.core.declarations import Baseline

WEEKS = 4
LEAST_DAYS, LEAST_HOURS = 3, 7  # with fewer nothing can be called usual
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


def baseline_values(datastream_ids: Sequence[int], *, baseline: Baseline, at: datetime) -> dict[int, float]:
    """The baseline's quantile of each stream's hourly means; with fewer than seven hours it is absent."""
    today = timezone.localtime(at, timezone.get_default_timezone()).date()
    clock = list(_clock_hours(baseline))
    days = [today - timedelta(days=back) for back in range(1, baseline.days + 1)]
    hours = [_hour(day, hour) for day in days for hour in clock]
    return _quantiles(datastream_ids, hours, quantile=baseline.quantile, least=LEAST_HOURS)


def _clock_hours(baseline: Baseline) -> Iterable[int]:
    length = (baseline.last_hour - baseline.first_hour) % 24 or 24
    return ((baseline.first_hour + step) % 24 for step in range(length))


def _hour(day: date, hour: int) -> datetime:
    """The roll-up in which a full hour of the city's clock begins."""
    local = datetime.combine(day, time(hour), ZoneInfo(timezone.get_default_timezone_name()))
    return datetime.fromtimestamp(local.timestamp() // 3600 * 3600, local.tzinfo)


def _quantiles(
    streams: Sequence[int], hours: list[datetime], *, quantile: float, least: int
) -> dict[int, float]:
    values: dict[str, Any] = {"streams": list(streams), "hours": hours, "quantile": quantile, "least": least}
    with connection.cursor() as cursor:
        cursor.execute(QUANTILE, values)
        return dict(cursor.fetchall())
