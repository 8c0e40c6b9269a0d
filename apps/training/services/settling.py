"""What came true is written beside what was foretold."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from apps.training.models import Forecast, ModelVersion
from apps.training.services.panels import panel_read

LATEST = timedelta(days=2)  # a reading later than this no longer settles a forecast


def forecasts_settle(*, now: datetime | None = None) -> int:
    """Fill the actual value of every forecast whose step is over and was read; how many were filled."""
    now = now or timezone.now()
    waiting = Forecast.objects.filter(actual=None, target_time__gt=now - LATEST, target_time__lt=now)
    models = ModelVersion.objects.filter(pk__in=waiting.values("model_version")).select_related("run")
    return sum(_settle_model(model, now) for model in models)


@transaction.atomic
def _settle_model(model: ModelVersion, now: datetime) -> int:
    step = model.run.config["step"]
    rows = Forecast.objects.filter(
        model_version=model,
        actual=None,
        target_time__gt=now - LATEST,
        target_time__lte=now - timedelta(seconds=step),
    )
    times = list(rows.order_by("target_time").values_list("target_time", flat=True).distinct())
    if not times:
        return 0
    panel = panel_read(
        model.run.datastreams, begin=times[0], end=times[-1] + timedelta(seconds=step), step=step
    )
    places, columns = np.nonzero(np.isfinite(panel.values))
    if not places.size:
        return 0
    streams = np.asarray(model.run.datastreams)[columns]
    moments = [times[0] + timedelta(seconds=step * int(place)) for place in places]
    return _write(model, streams.tolist(), moments, panel.values[places, columns].tolist())


def _write(model: ModelVersion, streams: list[int], moments: list[datetime], values: list[float]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE training_forecast AS f SET actual = v.value
            FROM unnest(%s::bigint[], %s::timestamptz[], %s::float8[]) AS v(stream, moment, value)
            WHERE f.model_version_id = %s AND f.actual IS NULL
              AND f.datastream_id = v.stream AND f.target_time = v.moment
              AND f.target_time BETWEEN %s AND %s
            """,
            [streams, moments, values, model.pk, min(moments), max(moments)],
        )
        return int(cursor.rowcount)
