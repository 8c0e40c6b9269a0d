"""Forecasts that corrected readings have overtaken: marked, and settled anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.training.models import Forecast, ModelVersion
from apps.training.services.settling import LATEST

DAY = timedelta(days=1)  # no step is longer


@transaction.atomic
def forecasts_overtake(
    datastream_ids: Sequence[int], *, start: datetime, end: datetime, now: datetime | None = None
) -> int:
    """Mark the forecasts made from readings of these streams between ``start`` and ``end``; how many.

    What came true in that time is forgotten where it can still be settled again from the corrected readings.
    """
    changed, settled_since = set(datastream_ids), (now or timezone.now()) - LATEST
    recent = Forecast.objects.filter(target_time__gte=start - DAY)
    models = ModelVersion.objects.filter(pk__in=recent.values("model_version")).select_related("run")
    count = 0
    for model in models:
        if not changed & set(model.run.datastreams):
            continue
        rows, step = Forecast.objects.filter(model_version=model), timedelta(seconds=model.run.config["step"])
        settled = rows.filter(datastream_id__in=changed, target_time__gt=max(start - step, settled_since))
        settled.filter(target_time__lte=end).update(actual=None)
        last = end + step * model.run.config["net"]["steps_in"]
        count += rows.filter(stale=False, data_until__gt=start, data_until__lte=last).update(stale=True)
    return count
