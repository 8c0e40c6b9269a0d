from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import ProblemError
from apps.core.jobs import job_create
from apps.sensing.models import Edit
from apps.training.models import Forecast, ModelVersion, Run
from apps.training.selectors import (
    forecast_silence,
    forecasts_expected,
    forecasts_latest,
    forecasts_newest,
    forecasts_track_record,
)
from apps.training.services import forecasts_ahead, forecasts_prune, forecasts_settle, model_promote
from apps.training.services.forecasting import forecast_issue, forecasts_issue
from apps.training.services.keeping import FORECASTS, Issue, forecasts_write
from apps.training.services.registry import model_path
from tests.people import person
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


@pytest.mark.parametrize(("now", "kept"), [((2026, 4, 30), 1), ((2026, 5, 1), 0)])
def test_a_month_of_forecasts_goes_when_its_last_day_is_old_enough(
    model: ModelVersion, now: tuple[int, int, int], kept: int, settings: Any
) -> None:
    settings.FORECAST_KEPT_DAYS = 30
    forecast_row(model, at=datetime(2026, 3, 31, 23, 59, tzinfo=UTC), value=50.0, actual=None)
    connection.check_constraints()  # a table with deferred checks to do cannot be dropped
    forecasts_prune(now=datetime(*now, tzinfo=UTC))
    assert Forecast.objects.count() == kept


@pytest.mark.parametrize("day", [(2026, 12, 31), (2028, 2, 29), (2027, 1, 1)])
def test_a_forecast_finds_its_month_over_the_end_of_a_year_and_of_february(
    model: ModelVersion, day: tuple[int, int, int]
) -> None:
    late = datetime(*day, 23, 30, tzinfo=UTC)
    issue = Issue(model.pk, model.run.datastreams, late, late, timedelta(minutes=30))
    assert forecasts_write(issue, np.full((6, 4, 4), 50.0, dtype=np.float32)) == 16
    reached = Forecast.objects.latest("target_time")
    assert (reached.target_time, reached.actual, reached.stale) == (late + timedelta(minutes=90), None, False)


def test_months_are_made_ahead(db: None) -> None:
    forecasts_ahead(now=datetime(2031, 11, 30, tzinfo=UTC))
    with connection.cursor() as cursor:
        made = [month for month in FORECASTS.months(cursor) if month.year >= 2031]
    assert made == [date(2031, 11, 1), date(2031, 12, 1), date(2032, 1, 1)]


def test_two_promoted_scopes_forecast_a_series_once(model: ModelVersion) -> None:
    other = twin(model, scope="trial")
    assert forecasts_issue(now=END) == 16
    assert set(Forecast.objects.values_list("model_version", flat=True)) == {model.pk}
    other.refresh_from_db()
    assert "Version 1 of the same recipe" in forecast_silence(other)


def test_when_one_scope_cannot_forecast_the_other_does(model: ModelVersion) -> None:
    other = twin(model, scope="trial")
    ModelVersion.objects.filter(pk=model.pk).update(digest="0" * 64)
    assert forecasts_issue(now=END) == 16
    assert set(Forecast.objects.values_list("model_version", flat=True)) == {other.pk}


def twin(model: ModelVersion, *, scope: str) -> ModelVersion:
    """The same network, promoted once more under another name."""
    run = Run.objects.get(pk=model.run_id)
    run.pk, run.scope, run.job = None, scope, job_create("training", title="", domain="city", owner=None)
    run.save()
    values = {field.attname: getattr(model, field.attname) for field in ModelVersion._meta.concrete_fields}
    values |= {"id": None, "scope": scope, "version": model.version + 1, "run_id": run.pk}
    return ModelVersion.objects.create(**values)


def test_a_promoted_model_that_does_not_forecast_says_why(model: ModelVersion) -> None:
    forecasts_issue(now=END + timedelta(days=1))
    model.refresh_from_db()
    assert "Only 0 % of the past readings" in forecast_silence(model)
    forecasts_issue(now=END)
    model.refresh_from_db()
    assert model.refusal == {}


def test_a_promoted_model_that_no_worker_asks_says_so(model: ModelVersion) -> None:
    assert forecast_silence(model) == ""
    model.promoted_at = timezone.now() - timedelta(days=1)
    assert "No worker has asked it" in forecast_silence(model)


def test_the_newest_are_those_of_each_series_and_recipe(model: ModelVersion) -> None:
    first, second = model.run.datastreams[:2]
    for stream, minutes in ((second, 0), (first, 0), (first, 30)):
        row = forecast_row(model, at=END + timedelta(minutes=minutes), value=40.0, actual=None)
        Forecast.objects.filter(pk=row.pk).update(datastream=stream)
    found = forecasts_newest(Forecast.objects.all(), since=END - timedelta(days=1))
    assert sorted(found.values_list("datastream", "data_until")) == [
        (first, END + timedelta(minutes=30)),
        (second, END),
    ]


def test_an_overtaken_forecast_is_expected_by_nobody(model: ModelVersion) -> None:
    row = forecast_row(model, at=END, value=40.0, actual=None)
    Forecast.objects.filter(pk=row.pk).update(stale=True)
    assert forecasts_expected([row.datastream_id], at=END + timedelta(minutes=5)) == {}


def test_a_correction_counts_before_its_mark_is_written(model: ModelVersion) -> None:
    row = forecast_row(model, at=END, value=40.0, actual=None)
    Edit.objects.create(
        datastream_id=model.run.datastreams[1],  # the network reads all its series
        start=END - timedelta(hours=1),
        end=END - timedelta(hours=1),
        operation="delete",
        reason="Test",
        made_by=person("ana"),
        made_at=END + timedelta(minutes=1),
    )
    assert forecasts_expected([row.datastream_id], at=END + timedelta(minutes=5)) == {}
