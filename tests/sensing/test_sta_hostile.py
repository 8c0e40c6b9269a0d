"""Bodies that no honest client sends: an answer below 500, and nothing half written."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import department
from tests.sensing.sta import ROOT, World, world_make
from tests.sensing.test_sta_writing import PLACE, READING, STREAM

pytestmark = pytest.mark.django_db
NASTY = (
    *(None, True, -1, 0, 10**30, 1e308, "", "\0", "\ud800", "x" * 3000, [], {}, [[]], {"@iot.id": 1}, "NaN"),
    *({"@iot.id": "1-1"}, {"@iot.id": None}, {"@iot.id": [1]}, {"a": {"b": "\0"}}, [{"@iot.id": 10**20}]),
    *({"type": "Point"}, {"type": "Point", "coordinates": [[1]]}, {"type": "Feature", "geometry": None}),
    *({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}, "0001-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59-14:00", "2026-11-03T08:00:00Z/2026-11-03T09:00:00Z", {"coordinates": None}),
)
ARRAY = {"Datastream": {"@iot.id": 1}, "components": ["phenomenonTime", "result"], "dataArray": [["x", 1], 5]}
BODIES: dict[str, Any] = {
    "Things": {"name": "T", "properties": {"low": 1}, "Locations": [PLACE], "Datastreams": [STREAM]},
    "Locations": {**PLACE, "Things": [{"name": "T"}]},
    "HistoricalLocations": {"time": "2026-11-03T08:00:00Z", "Thing": {"name": "T"}, "Locations": [PLACE]},
    "Sensors": STREAM["Sensor"],
    "ObservedProperties": STREAM["ObservedProperty"],
    "Datastreams": {
        **STREAM,
        "Thing": {"name": "T"},
        "properties": {"interval": 5},
        "Observations": [READING],
    },
    "FeaturesOfInterest": {"name": "F", "feature": PLACE["location"]},
    "Observations": {**READING, "Datastream": {**STREAM, "Thing": {"name": "T"}}, "FeatureOfInterest": {}},
    "CreateObservations": [ARRAY],
}


@pytest.fixture
def world() -> World:
    """Schools and a client that may write there."""
    department("education")
    return world_make()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every part of a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inner for found in places(part, (*path, key)))]


def bent(name: str, place: tuple[Any, ...], nasty: Any) -> Any:
    """A body with something nasty at one place."""
    if not place:
        return nasty
    body = copy.deepcopy(BODIES[name])
    holder = body
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = nasty
    return body


CASES = [(name, place) for name, body in BODIES.items() for place in places(body)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    case=st.sampled_from(CASES),
    nasty=st.sampled_from(NASTY),
    method=st.sampled_from(["post", "put", "patch"]),
)
def test_a_bent_body_is_answered(world: World, case: tuple[str, Any], nasty: Any, method: str) -> None:
    name, place = case
    path = ROOT + name
    if method != "post":
        row = world.ids(name, top="1") if name != "CreateObservations" else []
        key = f"'{row[0]}'" if row and isinstance(row[0], str) else row[0] if row else 1
        path = f"{path}({key})"
    answer = getattr(world.client, method)(
        path, json.dumps(bent(name, place, nasty)).encode(), content_type="application/json"
    )
    assert answer.status_code < 500
    assert answer.status_code < 400 or answer.json()["message"]
