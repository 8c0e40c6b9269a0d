"""Buckets of any width, from raw readings and roll-ups, under the kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from apps.core.grades import Grade
from apps.sensing.models import Datastream
from apps.sensing.services import readings_store
from apps.sensing.services.partitions import partitions_ensure
from apps.sensing.services.rollups import rollups_refresh
from tests.maps.builders import logged_in
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams

pytestmark = pytest.mark.django_db
HOURS = {"start": "2026-11-02T12:00:00Z", "end": "2026-11-02T16:00:00Z"}
MINUTES = 240


@pytest.fixture
def viewer() -> Client:
    return logged_in(person("bo", roles=["school-viewer"]))


@pytest.fixture
def stream() -> Datastream:
    """Four hours of readings a minute apart: 400, 401, ..."""
    (stream,) = school_streams(1)
    partitions_ensure(start=NOON, end=NOON)
    seconds = [60.0 * minute for minute in range(MINUTES)]
    readings_store(batch=batch([stream.pk] * MINUTES, seconds, [400.0 + minute for minute in range(MINUTES)]))
    rollups_refresh()
    return stream


def fetch(client: Client, stream: Datastream, **wanted: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/sensing/buckets/{stream.pk}/", HOURS | wanted)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_few_readings_come_as_they_are(viewer: Client, stream: Datastream) -> None:
    found = fetch(viewer, stream)
    assert (found["table"], found["width"], found["unit"]) == ("raw", 0, "[ppm]")
    assert found["values"] == [400.0 + minute for minute in range(MINUTES)]
    assert found["times"][:2] == [int(NOON.timestamp()) * 1000, int(NOON.timestamp()) * 1000 + 60_000]


def test_many_become_buckets_of_a_pleasant_width(viewer: Client, stream: Datastream) -> None:
    found = fetch(viewer, stream, points=50)
    assert (found["table"], found["width"]) == ("minute", 300)
    assert (found["values"][0], found["lows"][0], found["highs"][0], found["counts"][0]) == (
        402.0,
        400.0,
        404.0,
        5,
    )
    assert len(found["times"]) == MINUTES / 5


def test_a_width_of_hours_is_read_from_the_hours(viewer: Client, stream: Datastream) -> None:
    found = fetch(viewer, stream, width=7200)
    assert (found["table"], found["counts"]) == ("hour", [120, 120])
    assert found["values"] == [459.5, 579.5]


def test_a_bucket_is_whole_even_where_the_period_cuts_it(viewer: Client, stream: Datastream) -> None:
    answer = viewer.get(
        f"/api/v1/sensing/buckets/{stream.pk}/",
        {"start": "2026-11-02T12:30:00Z", "end": "2026-11-02T13:30:00Z", "width": 3600},
    )
    assert answer.json()["counts"] == [60, 60]


@pytest.mark.parametrize("method", ["minmax", "lttb"])
def test_picked_rows_are_few_and_keep_the_extremes(viewer: Client, stream: Datastream, method: str) -> None:
    found = fetch(viewer, stream, method=method, points=20)
    assert len(found["times"]) <= 20
    assert (min(found["values"]), max(found["values"])) == (400.0, 400.0 + MINUTES - 1)
    assert sum(found["counts"]) == MINUTES


def test_unusable_readings_leave_a_gap_that_is_marked(viewer: Client) -> None:
    (stream,) = school_streams(1)
    partitions_ensure(start=NOON, end=NOON)
    readings_store(batch=batch([stream.pk] * 2, [0.0, 60.0], [400.0, -9999.0]))
    rollups_refresh()
    raw, minutes = fetch(viewer, stream), fetch(viewer, stream, width=60)
    assert (raw["values"], minutes["values"]) == ([400.0, None], [400.0, None])
    assert (raw["quality"], minutes["counts"]) == ([0, 2], [1, 0])


def test_strangers_and_low_clearances_see_no_readings(stream: Datastream) -> None:
    address = f"/api/v1/sensing/buckets/{stream.pk}/"
    assert logged_in(person("fa", roles=["farm-viewer"])).get(address).status_code == 404
    low = logged_in(person("low", roles=["school-viewer"], clearance=Grade.L1))
    assert low.get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("width", "61"),
        ("width", "30"),
        ("width", "wide"),
        ("points", "1"),
        ("points", "9" * 40),
        ("method", "median"),
        ("start", "2026-11-02T17:00:00Z"),
        ("bucket", "hour"),
    ],
)
def test_a_bad_parameter_is_named(viewer: Client, stream: Datastream, name: str, value: str) -> None:
    answer = viewer.get(f"/api/v1/sensing/buckets/{stream.pk}/", HOURS | {name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name


def test_too_many_buckets_are_refused(viewer: Client, stream: Datastream) -> None:
    answer = viewer.get(
        f"/api/v1/sensing/buckets/{stream.pk}/",
        {"start": "2020-01-01T00:00:00Z", "end": HOURS["end"], "width": 60},
    )
    assert answer.json()["errors"][0]["field"] == "width"


def test_a_wider_bucket_is_the_sum_of_its_minutes(viewer: Client, stream: Datastream) -> None:
    minutes, wide = fetch(viewer, stream, width=60), fetch(viewer, stream, width=900)
    assert np.array(minutes["values"]).reshape(-1, 15).mean(1).tolist() == wide["values"]
