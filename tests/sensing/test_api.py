"""The REST side of readings: series, observations, and who may ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.sensing.models import Datastream
from apps.sensing.services import readings_store
from apps.sensing.services.rollups import rollups_refresh
from tests.people import person
from tests.portal.builders import logged_in
from tests.sensing.builders import NOON_US, batch, school_streams

pytestmark = pytest.mark.django_db
DAY = {"start": "2026-11-02T00:00:00Z", "end": "2026-11-03T00:00:00Z"}
MS = NOON_US // 1000


@pytest.fixture
def stream() -> Datastream:
    """Three good readings within two minutes, one bad an hour later."""
    made = school_streams(1)[0]
    readings_store(batch=batch([made.pk] * 4, [0, 30, 60, 3600], [500, 520, 530, 99_999]))
    rollups_refresh()
    return made


@pytest.fixture
def client() -> Client:
    """The session of a viewer of the school domain."""
    return logged_in(person("viewer", roles=["school-viewer"]))


def series(client: Client, stream: Datastream, **query: str) -> Any:
    return client.get(f"/api/v1/sensing/series/{stream.pk}/", DAY | query)


def test_raw_values_come_as_they_are(client: Client, stream: Datastream) -> None:
    body = series(client, stream, bucket="raw").json()
    assert (body["datastream"], body["unit"], body["bucket"]) == (stream.pk, "[ppm]", "raw")
    assert body["times"] == [MS, MS + 30_000, MS + 60_000, MS + 3_600_000]
    assert body["values"] == [500, 520, 530, 99_999]
    assert body["quality"][-1] == 2


@pytest.mark.parametrize(
    ("bucket", "values", "lows"),
    [
        ("minute", [510, 530, None], [500, 530, None]),
        ("hour", [pytest.approx(516.667, abs=0.01), None], [500, None]),
        ("day", [pytest.approx(516.667, abs=0.01)], [500]),
    ],
)
def test_buckets_have_means_and_gaps(
    client: Client, stream: Datastream, bucket: str, values: list[Any], lows: list[Any]
) -> None:
    body = series(client, stream, bucket=bucket).json()
    assert body["values"] == values
    assert body["lows"] == lows
    assert len({len(body[name]) for name in ("times", "values", "lows", "highs", "quality")}) == 1


def test_a_bucket_begins_at_its_own_time(client: Client, stream: Datastream) -> None:
    assert series(client, stream, bucket="day").json()["times"] == [(MS // 86_400_000) * 86_400_000]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"bucket": "week"}, "bucket"),
        ({"start": "yesterday"}, "start"),
        ({"start": "2026-11-02T00:00:00"}, "start"),
        ({"end": "2026-13-02T00:00:00Z"}, "end"),
        ({"start": "2026-11-03T00:00:00Z"}, "start"),
        ({"start": "2026-01-01T00:00:00Z", "bucket": "raw"}, "bucket"),
    ],
)
def test_a_bad_parameter_is_named(
    client: Client, stream: Datastream, query: dict[str, str], field: str
) -> None:
    answer = series(client, stream, **query)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
def test_times_at_the_ends_of_the_calendar_are_answered(
    client: Client, stream: Datastream, moment: str
) -> None:
    for name in ("start", "end"):
        assert series(client, stream, bucket="day", **{name: moment}).status_code in {200, 400}


def test_another_domain_is_told_that_there_is_nothing(stream: Datastream) -> None:
    stranger = logged_in(person("stranger", roles=["city-operator"]))
    assert series(stranger, stream).status_code == 404
    assert stranger.get(f"/api/v1/sensing/datastreams/{stream.pk}/").status_code == 404
    found = stranger.get("/api/v1/sensing/observations/", {"datastream": stream.pk, **DAY})
    assert found.status_code == 404


def test_nobody_is_asked_to_log_in(stream: Datastream) -> None:
    assert series(Client(), stream).status_code in {401, 403}


def test_observations_come_in_pages_without_gaps(client: Client) -> None:
    stream = school_streams(1)[0].pk
    readings_store(
        batch=batch([stream] * 250, [float(i) for i in range(250)], [500.0 + i for i in range(250)])
    )
    url, seen = f"/api/v1/sensing/observations/?datastream={stream}&start={DAY['start']}&end={DAY['end']}", []
    while url:
        body = client.get(url).json()
        seen += [row["result"] for row in body["results"]]
        url = body["next"]
    assert seen == [500.0 + i for i in range(250)]


@pytest.mark.parametrize("wanted", ["", "abc", "-1", "1e3"])
def test_observations_need_one_datastream(client: Client, wanted: str) -> None:
    answer = client.get("/api/v1/sensing/observations/", {"datastream": wanted})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "datastream"


def test_latest_values_are_those_of_the_own_domain(client: Client, stream: Datastream) -> None:
    rows = client.get("/api/v1/sensing/latest/").json()["results"]
    assert [(row["datastream"], row["result"]) for row in rows] == [(stream.pk, 99_999)]
    assert rows[0]["phenomenon_time"].startswith("2026-11-02")
