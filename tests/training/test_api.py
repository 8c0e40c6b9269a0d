from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from apps.training.data import RunOptions
from apps.training.models import Run
from apps.training.services import run_create
from tests.people import person
from tests.training.records import BEGIN, END, forecast_row, model_trained, streams_with_readings

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/training/runs/"
PERIOD = {"data_from": BEGIN.isoformat(), "data_until": END.isoformat()}


def client_of(role: str) -> APIClient:
    """A logged-in client of somebody with one role."""
    client = APIClient()
    client.force_login(person("ana", roles=[role]))
    return client


def test_a_trainer_starts_a_run(recipe: str) -> None:
    streams_with_readings()
    answer = client_of("city-analyst").post(
        "/api/v1/training/runs/", {"recipe": recipe, "epochs": 2, **PERIOD}, format="json"
    )
    assert answer.status_code == 201, answer.content
    assert (answer.json()["state"], answer.json()["total"]) == ("queued", 2)


def test_a_viewer_is_refused_and_nothing_is_written(recipe: str) -> None:
    streams_with_readings()
    answer = client_of("city-viewer").post(
        "/api/v1/training/runs/", {"recipe": recipe, **PERIOD}, format="json"
    )
    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"recipe": "city.no"}, "recipe"),
        ({"epochs": 3}, "recipe"),
        ({"epochs": -1}, "epochs"),
        ({"epochs": "x"}, "epochs"),
    ],
)
def test_a_bad_request_names_the_field(recipe: str, body: dict[str, object], field: str) -> None:
    answer = client_of("city-analyst").post("/api/v1/training/runs/", body, format="json")
    assert answer.status_code == 400
    assert field in [fault["field"] for fault in answer.json()["errors"]]


def test_a_run_takes_the_name_of_an_imported_data_set(recipe: str) -> None:
    streams_with_readings()
    run_create(recipe, viewer=None, options=RunOptions(data_from=BEGIN, data_until=END, scope="metr-la"))
    client = client_of("city-analyst")
    body = {"recipe": recipe, **PERIOD}
    assert client.post(RUNS, {**body, "scope": "metr-la"}, format="json").status_code == 201
    refused = client.post(RUNS, {**body, "scope": "metr"}, format="json").json()
    assert "metr-la" in refused["errors"][0]["detail"]


def test_a_planner_may_read_a_model_but_not_promote_it(recipe: str) -> None:
    model = model_trained(recipe)
    client = client_of("city-planner")
    assert "card" in client.get(f"/api/v1/training/models/{model.pk}/").json()
    assert client.post(f"/api/v1/training/models/{model.pk}/promote/").status_code == 403


def test_somebody_of_another_domain_sees_nothing(recipe: str) -> None:
    model = model_trained(recipe)
    client = client_of("school-analyst")
    assert client.get("/api/v1/training/models/").json()["results"] == []
    assert client.post(f"/api/v1/training/models/{model.pk}/promote/").status_code == 404


def test_forecasts_are_filtered_by_series_and_time(recipe: str) -> None:
    model = model_trained(recipe)
    forecast_row(model, at=END, value=40.0, actual=None)
    client = client_of("city-viewer")
    stream = model.run.datastreams[0]
    here = client.get("/api/v1/training/forecasts/", {"datastream": stream, "start": END.isoformat()})
    assert [row["value"] for row in here.json()["results"]] == [40.0]
    before = client.get("/api/v1/training/forecasts/", {"datastream": stream, "end": END.isoformat()})
    assert before.json()["results"] == []
