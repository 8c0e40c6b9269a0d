"""Questions about forecasts and what came true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.db.models.functions import Abs, Power, Sqrt
from django.utils import timezone

from apps.training.data import TrackRecord
from apps.training.models import Forecast

ENOUGH = 30  # settled forecasts below which a track record would only be noise


def forecasts_of_datastream(datastream_id: int, *, since: datetime) -> QuerySet[Forecast]:
    """All forecasts of one series for times after ``since``, in order of time."""
    found = Forecast.objects.filter(datastream_id=datastream_id, target_time__gte=since)
    return found.order_by("target_time", "made_at")


def forecasts_latest(datastream_id: int) -> QuerySet[Forecast]:
    """The newest forecast of one series: one row a step ahead, in order of time."""
    rows = Forecast.objects.filter(datastream_id=datastream_id)
    return rows.filter(data_until=rows.aggregate(last=Max("data_until"))["last"]).order_by("target_time")


def forecasts_expected(datastream_ids: Iterable[int], *, at: datetime) -> dict[int, float]:
    """The newest forecast value of each series for the step that ``at`` lies in; absent without one.

    A forecast reaches until its next step, at most an hour.
    """
    rows = (
        Forecast.objects.filter(
            datastream_id__in=list(datastream_ids),
            target_time__lte=at,
            target_time__gt=at - timedelta(hours=1),
        )
        .order_by("datastream_id", "-target_time", "-data_until")
        .distinct("datastream_id")
    )
    return dict(rows.values_list("datastream_id", "value"))


def forecasts_track_record(
    *, recipe: str, datastream_id: int | None = None, days: int = 7
) -> TrackRecord | None:
    """Errors and coverage of the settled forecasts of the last days; None when there are too few to judge."""
    since = timezone.now() - timedelta(days=days)
    rows = Forecast.objects.filter(model_version__recipe=recipe, target_time__gte=since, actual__isnull=False)
    if datastream_id is not None:
        rows = rows.filter(datastream_id=datastream_id)
    error, total = F("value") - F("actual"), Count("pk")
    found = rows.aggregate(
        count=total,
        mae=Avg(Abs(error)),
        naive_mae=Avg(Abs(F("naive") - F("actual"))),
        rmse=Sqrt(Avg(Power(error, 2))),
        covered80=Count("pk", filter=Q(actual__gte=F("low80"), actual__lte=F("high80"))),
        covered95=Count("pk", filter=Q(actual__gte=F("low95"), actual__lte=F("high95"))),
    )
    count = found["count"]
    if count < ENOUGH:
        return None
    shares = {name: found[name] / count for name in ("covered80", "covered95")}
    return TrackRecord(**{**found, **shares}, since=since)
