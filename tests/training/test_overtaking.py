"""A correction marks the forecasts that were made from the corrected readings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.sensing.signals import readings_corrected
from apps.training.models import Forecast, ModelVersion
from apps.training.receivers import overtake_forecasts
from apps.training.services.overtaking import forecasts_overtake
from tests.training.records import END, forecast_row, model_trained

pytestmark = pytest.mark.django_db
STEP = timedelta(minutes=30)


@pytest.fixture
def model(recipe: str) -> ModelVersion:
    return model_trained(recipe)


def overtaken(model: ModelVersion, *, streams: list[int], back: timedelta) -> list[bool]:
    """The marks of forecasts issued now and a month later, after a correction ``back`` before now."""
    for at in (END, END + timedelta(days=30)):
        forecast_row(model, at=at, value=50, actual=None)
    forecasts_overtake(streams, start=END - back - STEP, end=END - back)
    return list(Forecast.objects.order_by("target_time").values_list("stale", flat=True))


def test_a_forecast_made_from_corrected_readings_is_marked(model: ModelVersion) -> None:
    neighbour = model.run.datastreams[1]  # the network reads all its series
    assert overtaken(model, streams=[neighbour], back=STEP) == [True, False]


def test_corrections_that_no_forecast_has_read_mark_nothing(model: ModelVersion) -> None:
    assert overtaken(model, streams=[10**9], back=STEP) == [False, False]
    forecasts_overtake(model.run.datastreams, start=END - timedelta(days=9), end=END - timedelta(days=8))
    assert not Forecast.objects.filter(stale=True).exists()


def test_what_came_true_is_settled_again(model: ModelVersion) -> None:
    row = forecast_row(model, at=END, value=50, actual=51)
    forecasts_overtake([row.datastream_id], start=END + STEP / 2, end=END + STEP, now=END)
    row.refresh_from_db()
    assert (row.actual, row.stale) == (None, False)


def test_the_news_of_a_correction_reaches_the_receiver() -> None:
    receivers: list[Any] = [entry[1]() for entry in readings_corrected.receivers]
    assert overtake_forecasts in receivers
