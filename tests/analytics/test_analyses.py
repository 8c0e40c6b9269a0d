"""From a question over HTTP to its answer out of the lake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from apps.analytics.models import Analysis
from apps.analytics.selectors import analysis_get
from apps.analytics.services.answering import analysis_answer
from apps.archive.services.exporting import day_export
from apps.sensing.data import Batch
from apps.sensing.models import Datastream, Thing
from apps.sensing.services import readings_store
from tests.people import person
from tests.sensing.builders import NOON, NOON_US, school_streams

pytestmark = pytest.mark.django_db
DAYS, HOUR_US = 4, 3_600_000_000
STEPS = np.arange(24 * DAYS)


@pytest.fixture
def lake(settings: Any, tmp_path: Any) -> list[Datastream]:
    """Three streams over four days, exported: a daily wave, twice that wave with noise, and noise alone."""
    settings.LAKE_URL = f"file://{tmp_path}"
    streams = school_streams(3)
    draw = np.random.default_rng(3)
    wave = 700 + 200 * np.sin(2 * np.pi * STEPS / 24)
    values = [wave, 2 * wave - 500 + draw.normal(0, 20, len(STEPS)), 600 + draw.normal(0, 50, len(STEPS))]
    times = NOON_US - NOON_US % (24 * HOUR_US) + STEPS * HOUR_US
    for stream, column in zip(streams, values, strict=True):
        readings_store(batch=Batch(np.full(len(STEPS), stream.pk), times, np.round(column, 3)))
    for day in range(DAYS):
        day_export("school", (NOON + timedelta(days=day)).date())
    return streams


@pytest.fixture
def client() -> APIClient:
    opened = APIClient()
    opened.force_authenticate(person("analyst", roles=["school-analyst"]))
    return opened


def asked(client: APIClient, kind: str, streams: list[Datastream], **more: Any) -> dict[str, Any]:
    start = NOON.replace(hour=0)
    span = {"start": start.isoformat(), "end": (start + timedelta(days=DAYS)).isoformat()}
    body = {"kind": kind, "domain": "school", "streams": [stream.pk for stream in streams], **span, **more}
    found: dict[str, Any] = client.post("/api/v1/analytics/analyses/", body, format="json").json()
    return found


def answer(client: APIClient, kind: str, streams: list[Datastream], **more: Any) -> dict[str, Any]:
    """The result, as a worker computes it."""
    made = asked(client, kind, streams, **more)
    analysis_answer(analysis_get(made["id"]))
    found = client.get(f"/api/v1/analytics/analyses/{made['id']}/").json()
    assert (found["rows"], found["engine"]) == (len(streams) * len(STEPS), "duckdb"), found
    result: dict[str, Any] = found["result"]
    return result


def test_summaries(client: APIClient, lake: list[Datastream]) -> None:
    first = answer(client, "summary", lake)["streams"][0]
    assert (first["usable"], first["lowest"], first["highest"]) == (len(STEPS), 500, 900)
    assert first["mean"] == pytest.approx(700)


def test_the_usual_week(client: APIClient, lake: list[Datastream]) -> None:
    hours = answer(client, "profile", lake[:1], offset_hours=0)["hours"]
    assert len(hours) == len(STEPS)
    assert {row["hour"]: row["mean"] for row in hours}[6] == 900


def test_correlations_and_regression_find_what_was_built_in(
    client: APIClient, lake: list[Datastream]
) -> None:
    best = answer(client, "correlation", lake)["pairs"][0]
    assert {best["left"], best["right"]} == {lake[0].pk, lake[1].pk}
    terms = answer(client, "regression", lake, target=lake[1].pk)
    assert terms["r_squared"] > 0.9


def test_a_season_is_found(client: APIClient, lake: list[Datastream]) -> None:
    parts = answer(client, "decomposition", lake[:1], period=24)["streams"][0]
    assert parts["season_strength"] > 0.99


def test_high_hours_are_told_from_another_stream(client: APIClient, lake: list[Datastream]) -> None:
    found = answer(client, "classification", lake[:2], target=lake[1].pk, limit=1000)
    assert found["balanced_accuracy"] > 0.9


def test_the_stream_that_is_busy_longest_holds_up_the_others(
    client: APIClient, lake: list[Datastream]
) -> None:
    worst = answer(client, "bottleneck", lake[:2], limit=800)["streams"][0]
    assert worst["datastream_id"] == lake[1].pk


REFUSED = [
    ({"kind": "correlation", "count": 1}, "streams"),
    ({"kind": "areas", "count": 1, "layer": "city.roads"}, "layer"),
    ({"kind": "nonsense", "count": 1}, "kind"),
]


@pytest.mark.parametrize(("wish", "field"), REFUSED)
def test_a_question_that_makes_no_sense_is_refused(
    client: APIClient, lake: list[Datastream], wish: dict[str, Any], field: str
) -> None:
    wish = dict(wish)
    problem = asked(client, wish.pop("kind"), lake[: wish.pop("count")], **wish)
    assert problem["status"] == 400
    assert problem["errors"][0]["field"] == field


def test_streams_of_another_domain_are_unknown(client: APIClient, lake: list[Datastream]) -> None:
    stranger = APIClient()
    stranger.force_authenticate(person("other", roles=["city-analyst"]))
    assert asked(stranger, "summary", lake)["status"] == 403
    assert stranger.get("/api/v1/analytics/analyses/").json()["results"] == []


def test_a_period_without_days_in_the_lake_fails_with_the_reason(
    client: APIClient, lake: list[Datastream]
) -> None:
    early = {"start": "2020-01-01T00:00:00Z", "end": "2020-02-01T00:00:00Z"}
    made = asked(client, "summary", lake, **early)
    analysis_answer(analysis_get(made["id"]))
    job = Analysis.objects.get(pk=made["id"]).job
    assert job is not None
    assert (job.state, bool(job.message)) == ("failed", True)


def test_an_answer_is_for_people_who_may_see_all_of_its_streams(
    lake: list[Datastream], client: APIClient
) -> None:
    for stream, code in zip(lake, ("359901", "359902", "359902"), strict=True):
        Thing.objects.filter(pk=stream.thing_id).update(division=code)
    here = asked(client, "summary", lake[1:])["id"]
    across = asked(client, "summary", lake)["id"]
    found = {}
    for code in ("359900", "359901", "359902"):
        reader = APIClient()
        reader.force_authenticate(person(f"r{code}", roles=["school-viewer"], division_code=code))
        rows = reader.get("/api/v1/analytics/analyses/").json()["results"]
        found[code] = {row["id"] for row in rows}
        assert reader.get(f"/api/v1/analytics/analyses/{across}/").status_code == (200 if rows[1:] else 404)
    assert found == {"359900": {here, across}, "359901": set(), "359902": {here}}
