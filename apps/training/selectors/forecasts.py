"""Questions about forecasts and what came true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Abs, Power, Sqrt
from django.utils import timezone

from apps.sensing.data import ReadingsUsed
from apps.sensing.selectors import readings_corrected_since
from apps.training.data import TrackRecord
from apps.training.models import Forecast, ModelVersion

ENOUGH = 30  # settled forecasts below which a track record would only be noise


def forecasts_latest(datastream_id: int) -> QuerySet[Forecast]:
    """The newest forecast of one series: one row a step ahead, in order of time."""
    rows = Forecast.objects.filter(datastream_id=datastream_id)
    return rows.filter(data_until=rows.aggregate(last=Max("data_until"))["last"]).order_by("target_time")


def forecasts_newest(rows: QuerySet[Forecast], *, since: datetime) -> QuerySet[Forecast]:
    """Of ``rows``, the newest forecast of each series and recipe, by the data that it knew."""
    fresh = Forecast.objects.filter(data_until__gte=since)
    models = ModelVersion.objects.filter(Exists(fresh.filter(model_version=OuterRef("pk"))))
    wanted = Q(pk=None)
    for domain, recipe in models.order_by().values_list("domain", "recipe").distinct():
        of_recipe = Q(model_version__recipe=recipe)
        newest = fresh.filter(of_recipe, datastream=OuterRef("pk")).order_by("-data_until")
        streams: QuerySet[Any] = Forecast.datastream.field.related_model._default_manager.filter(
            thing__domain=domain
        )
        known = streams.annotate(newest=Subquery(newest.values("data_until")[:1])).exclude(newest=None)
        issues: dict[datetime, list[int]] = {}
        for stream, moment in known.values_list("pk", "newest"):
            issues.setdefault(moment, []).append(stream)
        for moment, found in issues.items():
            wanted |= of_recipe & Q(data_until=moment, datastream__in=found)
    return rows.filter(wanted)


def forecasts_expected(datastream_ids: Iterable[int], *, at: datetime) -> dict[int, float]:
    """The newest forecast value of each series for the step that ``at`` lies in; absent without one.

    A forecast reaches until its next step, at most an hour. One that corrected readings have overtaken counts
    for nothing.
    """
    return forecasts_expected_from(datastream_ids, at=at)[0]


def forecasts_expected_from(
    datastream_ids: Iterable[int], *, at: datetime
) -> tuple[dict[int, float], ReadingsUsed | None]:
    """The same, and the readings that these values were computed from; None without any value."""
    rows = (
        Forecast.objects.filter(
            datastream_id__in=list(datastream_ids),
            target_time__lte=at,
            target_time__gt=at - timedelta(hours=1),
            stale=False,
        )
        .order_by("datastream_id", "-target_time", "-data_until")
        .distinct("datastream_id")
    )
    issues: dict[tuple[int, datetime, datetime], dict[int, float]] = {}
    names = ("datastream_id", "value", "model_version_id", "data_until", "made_at")
    for stream, value, model_id, data_until, made_at in rows.values_list(*names):
        issues.setdefault((model_id, data_until, made_at), {})[stream] = value
    models = ModelVersion.objects.select_related("run").in_bulk([model for model, *_times in issues])
    values: dict[int, float] = {}
    together: ReadingsUsed | None = None
    for (model, data_until, made_at), found in issues.items():
        used = _used(models[model], data_until, made_at)
        if readings_corrected_since(used):  # its mark waits in the queue
            continue
        values |= found
        together = used.with_others(together)
    return values, together


def _used(model: ModelVersion, data_until: datetime, made_at: datetime) -> ReadingsUsed:
    """The readings that a forecast was computed from: the network reads all its series."""
    config = model.run.config
    history = timedelta(seconds=config["step"] * config["net"]["steps_in"])
    return ReadingsUsed(tuple(model.run.datastreams), data_until - history, data_until, made_at)


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
