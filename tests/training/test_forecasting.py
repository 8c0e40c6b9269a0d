from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from apps.core.errors import ProblemError
from apps.training.models import Forecast, ModelVersion
from apps.training.selectors import forecasts_expected, forecasts_latest, forecasts_track_record
from apps.training.services import forecasts_prune, forecasts_settle, model_promote
from apps.training.services.forecasting import forecast_issue, forecasts_issue
from apps.training.services.registry import model_path
from tests.training.records import END, forecast_row, model_trained, readings_write

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(recipe: str) -> ModelVersion:
    """A promoted version of four series."""
    return model_promote(model_trained(recipe), viewer=None)


def test_the_promoted_model_forecasts_every_series_and_step(model: ModelVersion) -> None:
    assert forecasts_issue(now=END) == 4 * 4
    row = Forecast.objects.earliest("target_time")
    assert (row.data_until, row.target_time) == (END, END)
    assert row.low95 <= row.low80 <= row.value <= row.high80 <= row.high95


def test_the_same_forecast_is_stored_once(model: ModelVersion) -> None:
    assert [forecasts_issue(now=END), forecasts_issue(now=END)] == [16, 0]


def test_without_fresh_readings_nothing_is_forecast(model: ModelVersion) -> None:
    with pytest.raises(ProblemError) as refusal:
        forecast_issue(model, now=END + timedelta(days=1))
    assert refusal.value.code == "too_little_data"
    assert forecasts_issue(now=END + timedelta(days=1)) == 0


def test_a_changed_model_file_is_refused(model: ModelVersion) -> None:
    path = model_path(model)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ProblemError, match="missing or was changed"):
        forecast_issue(model, now=END)


def test_what_came_true_is_written_beside_the_forecast(model: ModelVersion) -> None:
    forecasts_issue(now=END)
    readings_write(model.run.datastreams, np.array([[50.0, 51.0, np.nan, np.nan]]), begin=END)
    assert forecasts_settle(now=END + timedelta(hours=1)) == 2
    first = forecasts_latest(model.run.datastreams[0])
    assert [row.actual for row in first] == [50.0, None, None, None]


def test_a_step_that_is_not_over_is_not_settled(model: ModelVersion) -> None:
    forecasts_issue(now=END)
    readings_write(model.run.datastreams, np.array([[50.0, 51.0, 52.0, 53.0]]), begin=END)
    assert forecasts_settle(now=END + timedelta(minutes=10)) == 0


def test_the_expected_value_comes_from_the_newest_forecast(model: ModelVersion) -> None:
    stream = model.run.datastreams[0]
    forecast_row(model, at=END, value=40.0, actual=None)
    assert forecasts_expected([stream, 10**9], at=END + timedelta(minutes=5)) == {stream: 40.0}


def test_the_track_record_counts_errors_and_coverage(model: ModelVersion) -> None:
    now = timezone.now()
    for minute in range(40):
        forecast_row(
            model, at=now - timedelta(minutes=minute), value=50.0, actual=51.0 if minute < 30 else 53.0
        )
    found = forecasts_track_record(recipe=model.recipe)
    assert found is not None
    assert (found.count, found.mae, found.covered80, found.covered95) == (40, 1.5, 0.75, 1.0)
    assert found.naive_mae == pytest.approx(8.5)


def test_too_few_settled_forecasts_give_no_track_record(model: ModelVersion) -> None:
    forecast_row(model, at=timezone.now(), value=50.0, actual=51.0)
    assert forecasts_track_record(recipe=model.recipe) is None


def test_old_forecasts_are_forgotten(model: ModelVersion) -> None:
    forecast_row(model, at=timezone.now() - timedelta(days=40), value=50.0, actual=None)
    assert forecasts_prune() == 1
