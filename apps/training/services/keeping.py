"""The table of forecasts: months made ahead, rows written by COPY, months dropped that nobody needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from apps.core.copying import EPOCH, copy_stream
from apps.core.locks import Lock
from apps.core.partitions import MonthlyTable, month_of, months_between
from apps.training.nets.panel import Floats

FORECASTS = MonthlyTable("training_forecast", Lock.FORECAST_MONTHS)
AHEAD = timedelta(days=62)
LOCK_TIMEOUT = "2s"
BANDS = ("value", "low80", "high80", "low95", "high95", "naive")
KINDS = {
    **dict.fromkeys(("model_version_id", "datastream_id", "made_at", "data_until", "target_time"), ">i8"),
    **dict.fromkeys(BANDS, ">f8"),
}
COPY = f"COPY training_forecast ({', '.join(KINDS)}) FROM STDIN (FORMAT binary)"
log = structlog.get_logger("training")


@dataclass(frozen=True, slots=True)
class Issue:
    """One forecast of one model: for which series, made when, from readings up to when, in which steps."""

    model_id: int
    datastream_ids: Sequence[int]
    made_at: datetime
    data_until: datetime
    step: timedelta


def forecasts_write(issue: Issue, bands: Floats) -> int:
    """COPY the bands (6, H, N) of an issue inside the caller's transaction; how many rows."""
    ahead, series = int(bands.shape[1]), int(bands.shape[2])
    count, start = ahead * series, _micros(issue.data_until)
    times = start + np.arange(ahead, dtype=np.int64) * (issue.step // timedelta(microseconds=1))
    columns = {
        "model_version_id": np.full(count, issue.model_id),
        "datastream_id": np.tile(np.asarray(issue.datastream_ids, dtype=np.int64), ahead),
        "made_at": np.full(count, _micros(issue.made_at)),
        "data_until": np.full(count, start),
        "target_time": np.repeat(times, series),
        **dict(zip(BANDS, bands.reshape(len(BANDS), count), strict=True)),
    }
    with connection.cursor() as cursor:
        FORECASTS.make(cursor, months_between(issue.data_until, issue.data_until + ahead * issue.step))
        with cursor.copy(COPY) as copy:
            copy.write(copy_stream(columns, kinds=KINDS))
    return count


def _micros(moment: datetime) -> int:
    """Microseconds as the wire counts them."""
    return round(moment.timestamp() * 1_000_000) - EPOCH


@transaction.atomic
def forecasts_ahead(*, now: datetime | None = None) -> None:
    """Make this month's partition and the next two."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        FORECASTS.make(cursor, months_between(now, now + AHEAD))


def forecasts_prune(*, now: datetime | None = None) -> int:
    """Drop the months that ended more than ``FORECAST_KEPT_DAYS`` ago; how many went.

    A month that a long query reads is left for the next time.
    """
    last = month_of((now or timezone.now()) - timedelta(days=settings.FORECAST_KEPT_DAYS))
    with connection.cursor() as cursor:
        old = [month for month in FORECASTS.months(cursor) if month < last]
    return sum(_drop(month) for month in old)


def _drop(month: date) -> bool:
    """Whether the month could be dropped."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            FORECASTS.drop(cursor, month)
    except OperationalError:
        log.info("forecasts_in_use", month=f"{month:%Y-%m}")
        return False
    return True
