"""SensorThings, the writing half: deep inserts, replays, corrections, retirement, and who may not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.sensing.models import (
    Datastream,
    Edit,
    FeatureOfInterest,
    HistoricalLocation,
    Observation,
    QuarantinedRow,
    RollupDirty,
    Thing,
)
from tests.people import department, person
from tests.sensing.sta import ROOT, World, key_client, world_make

pytestmark = pytest.mark.django_db
INPUTS = Path(__file__).resolve().parents[2].parent / "shared/data/field_inputs"
PLACE = {
    "name": "Yard",
    "description": "Behind the gym",
    "encodingType": "application/vnd.geo+json",
    "location": {"type": "Point", "coordinates": [118.1, 24.5]},
}
STREAM = {
    "name": "Air temperature",
    "description": "In the shade",
    "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
    "unitOfMeasurement": {
        "name": "Degree Celsius",
        "symbol": "degC",
        "definition": "http://qudt.org/DegreeCelsius",
    },
    "Sensor": {
        "name": "Probe",
        "description": "PT100",
        "encodingType": "text/html",
        "metadata": "https://x.test",
    },
    "ObservedProperty": {
        "name": "Air Temperature",
        "definition": "https://x.test/t",
        "description": "of the air",
    },
}
READING = {"phenomenonTime": "2026-11-03T08:00:00Z", "result": 21.5}


@pytest.fixture
def world() -> World:
    """Schools, a plant, and a client of the schools."""
    department("education")
    return world_make()


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    """The answer to a body."""
    return client.post(ROOT + path, body, content_type="application/json", headers=headers)


def made(world: World, path: str, body: Any) -> Any:
    """The entity that a body makes."""
    answer = post(world.client, path, body)
    assert answer.status_code == 201, answer.content.decode()
    assert answer["Location"] == answer.json()["@iot.selfLink"]
    return answer.json()


def test_a_deep_insert_makes_all_that_it_names(world: World) -> None:
    thing = made(
        world,
        "Things",
        {"name": "校园气象站", "Locations": [PLACE], "Datastreams": [{**STREAM, "Observations": [READING]}]},
    )
    expanded = "Locations,HistoricalLocations,Datastreams($expand=Sensor,ObservedProperty,Observations)"
    body = world.get(f"Things({thing['@iot.id']})", expand=expanded)
    stream = body["Datastreams"][0]
    assert body["Locations"][0]["location"] == PLACE["location"]
    assert len(body["HistoricalLocations"]) == 1
    assert stream["unitOfMeasurement"] == STREAM["unitOfMeasurement"]
    assert stream["Sensor"]["metadata"] == "https://x.test"
    assert stream["ObservedProperty"]["name"] == "Air Temperature"
    assert [row["result"] for row in stream["Observations"]] == [21.5]
    row = Datastream.objects.get(pk=stream["@iot.id"])
    assert (row.unit, row.thing.domain, row.key) == ("Cel", "school", "school.校园气象站.air-temperature")
    assert (row.low, row.high) == (-1e12, 1e12)
    assert row.feature is not None  # made from the place of the thing


def test_a_fault_deep_inside_makes_nothing(world: World) -> None:
    before = Thing.objects.count()
    body = {"name": "X", "Datastreams": [{**STREAM, "Observations": [{**READING, "result": "hot"}]}]}
    answer = post(world.client, "Things", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Datastreams.0.Observations.0.result"
    assert Thing.objects.count() == before


def test_a_replayed_observation_has_the_same_id_and_changes_nothing(world: World) -> None:
    path = f"Datastreams({world.streams[0].pk})/Observations"
    first = made(world, path, READING)
    again = made(world, path, READING)
    assert again["@iot.id"] == first["@iot.id"]
    assert again["result"] == 21.5
    assert RollupDirty.objects.filter(datastreams__contains=[world.streams[0].pk]).exists()


def test_another_value_for_a_known_moment_is_refused_and_kept_in_quarantine(world: World) -> None:
    path = f"Datastreams({world.streams[0].pk})/Observations"
    made(world, path, READING)
    answer = post(world.client, path, {**READING, "result": 99})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "conflict")
    assert not Observation.objects.filter(result=99).exists()
    row = QuarantinedRow.objects.get()
    assert (row.code, row.door, row.row["result"], row.row["stored"]) == (
        "conflict",
        "sensorthings",
        99,
        21.5,
    )
    array = {
        "Datastream": {"@iot.id": world.streams[0].pk},
        "components": ["phenomenonTime", "result"],
        "dataArray": [[READING["phenomenonTime"], value] for value in (21.5, 98)],
    }
    links = post(world.client, "CreateObservations", [array]).json()
    assert (links[0].startswith("http"), links[1]) == (True, "error")
    assert QuarantinedRow.objects.count() == 2


@pytest.mark.parametrize("index", range(5))
def test_units_of_the_field_are_what_they_say(world: World, index: int) -> None:
    asked = json.loads((INPUTS / "24_sta_requests.json").read_text(encoding="utf-8"))["requests"][index]
    body = {**asked["body"], "Thing": {"@iot.id": world.streams[0].thing_id}}
    assert post(world.client, "Datastreams", body).status_code == 201
    wanted = ("Cel", "[degF]", "m/s", "[mi_i]/h", "[ft_i]")[index]
    assert Datastream.objects.latest("pk").unit == wanted


@pytest.mark.parametrize(
    "unit",
    [
        {"name": "", "symbol": "C", "definition": ""},
        {"name": "metre", "symbol": "ft", "definition": ""},
        {"name": "度", "symbol": "度", "definition": ""},
    ],
)
def test_a_unit_that_is_unclear_is_refused_with_a_proposal(world: World, unit: dict[str, str]) -> None:
    stream = {**STREAM, "name": "channel 1", "description": "", "unitOfMeasurement": unit}
    stream["ObservedProperty"] = {"name": "channel 1", "definition": "", "description": ""}
    answer = post(world.client, f"Things({world.streams[0].thing_id})/Datastreams", stream)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unit")


def test_a_whole_inlined_datastream_with_an_id_is_a_link(world: World) -> None:
    stream = world.get(f"Datastreams({world.streams[0].pk})")
    before = Datastream.objects.count()
    body = made(world, "Observations", {**READING, "Datastream": stream})
    assert body["@iot.id"].startswith(f"{world.streams[0].pk}-")
    assert Datastream.objects.count() == before


def test_an_inlined_feature_of_interest_is_made_once(world: World) -> None:
    stream = made(world, f"Things({world.streams[0].thing_id})/Datastreams", STREAM)
    feature = {"name": "Lab", "encodingType": "application/geo+json", "feature": PLACE["location"]}
    before, path = FeatureOfInterest.objects.count(), f"Datastreams({stream['@iot.id']})/Observations"
    for minute in range(3):
        made(
            world,
            path,
            {"phenomenonTime": f"2026-11-03T08:0{minute}:00Z", "result": 1, "FeatureOfInterest": feature},
        )
    assert FeatureOfInterest.objects.count() == before + 1
    other = {**READING, "FeatureOfInterest": {**feature, "name": "Elsewhere"}}
    assert post(world.client, path, other).status_code == 409


def test_data_arrays_keep_good_rows_and_quarantine_bad_ones(world: World) -> None:
    rows = [
        ["2026-11-03T08:00:00Z", 1.5],
        ["2026-11-03T08:00:01Z", "x"],
        ["oops"],
        ["2026-11-03T08:00:02Z", 2],
    ]
    arrays = [
        {
            "Datastream": {"@iot.id": world.streams[0].pk},
            "components": ["phenomenonTime", "result"],
            "dataArray@iot.count": 4,
            "dataArray": rows,
        }
    ]
    links = post(world.client, "CreateObservations", arrays).json()
    assert [link == "error" for link in links] == [False, True, True, False]
    assert world.client.get(links[3]).json()["result"] == 2
    assert set(QuarantinedRow.objects.values_list("door", "line")) == {
        ("sensorthings", 1),
        ("sensorthings", 2),
    }
    assert post(world.client, "CreateObservations", arrays).json() == links


def test_a_changed_result_is_a_correction(world: World) -> None:
    path = f"{ROOT}Observations('{world.ids('Observations', top='1')[0]}')"
    body = {"result": 333, "parameters": {"reason": "recalibrated"}}
    answer = world.client.patch(path, body, content_type="application/json")
    assert (answer.status_code, answer.json()["result"]) == (200, 333)
    assert answer.json()["parameters"] == {"raw": 400}
    assert Edit.objects.get().reason == "recalibrated"
    assert world.client.delete(path).status_code == 200
    assert world.client.get(path).json()["resultQuality"]["label"] == "bad"
    moved = {**body, "phenomenonTime": "2026-11-03T00:00:00Z"}
    assert world.client.patch(path, moved, content_type="application/json").status_code == 409


def test_patch_changes_what_it_names_and_put_gives_the_whole(world: World) -> None:
    path = f"{ROOT}Things({world.streams[0].thing_id})"
    changed = world.client.patch(path, {"description": "new"}, content_type="application/json").json()
    assert (changed["name"], changed["description"]) == ("School 0", "new")
    put = world.client.put(path, {"name": "Other"}, content_type="application/json").json()
    assert (put["name"], put["description"]) == ("Other", "")
    assert world.client.put(path, {}, content_type="application/json").status_code == 400
    steps = [
        {"op": "add", "path": "/properties/floor", "value": 4},
        {"op": "replace", "path": "/name", "value": "Z"},
    ]
    patched = world.client.patch(path, steps, content_type="application/json-patch+json").json()
    assert (patched["name"], patched["properties"]) == ("Z", {"floor": 4})


def test_moving_a_thing_is_written_down(world: World) -> None:
    thing = world.streams[0].thing_id
    place = made(world, "Locations", PLACE)
    body = {"Locations": [{"@iot.id": place["@iot.id"]}]}
    world.client.patch(f"{ROOT}Things({thing})", body, content_type="application/json")
    assert world.ids(f"Things({thing})/Locations") == [place["@iot.id"]]
    assert HistoricalLocation.objects.filter(thing_id=thing).count() == 2


def test_deleting_a_thing_retires_what_has_readings(world: World) -> None:
    thing, stream = world.streams[0].thing_id, world.streams[0].pk
    assert world.client.delete(f"{ROOT}Things({thing})").status_code == 200
    assert world.refused(f"Things({thing})")[0] == 404
    assert world.refused(f"Datastreams({stream})")[0] == 404
    assert world.ids("Observations", filter=f"Datastream/id eq {stream}") == []
    assert Observation.objects.filter(datastream_id=stream).count() == 5
    fresh = made(world, "Things", {"name": "Empty"})
    assert world.client.delete(f"{ROOT}Things({fresh['@iot.id']})").status_code == 200
    assert not Thing.objects.filter(pk=fresh["@iot.id"]).exists()
    used = world.ids("ObservedProperties", filter="name eq 'co2'")[0]
    assert world.client.delete(f"{ROOT}ObservedProperties({used})").status_code == 409


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ({"name": "Degree Celsius", "symbol": "°C", "definition": ""}, "Cel"),
        ({"name": "x", "symbol": "µg/m³", "definition": ""}, "ug/m3"),
        ({"name": "", "symbol": "", "definition": "ucum:km/h"}, "km/h"),
        ({"name": "percent", "symbol": "%", "definition": "http://x.test/Percent"}, "%"),
        ({"name": None, "symbol": None, "definition": None}, "1"),
        ({"name": "furlongs", "symbol": "frl", "definition": "http://x.test/frl"}, None),
    ],
)
def test_units_become_ucum(world: World, unit: dict[str, Any], code: str | None) -> None:
    answer = post(
        world.client,
        f"Things({world.streams[0].thing_id})/Datastreams",
        {**STREAM, "unitOfMeasurement": unit},
    )
    assert answer.status_code == (201 if code else 400)
    if code:
        assert Datastream.objects.latest("pk").unit == code
    else:
        assert "UCUM" in answer.json()["message"]


FAULTS = [
    ("Things", {}, "name"),
    ("Things", [], "body"),
    ("Things", {"name": "a\0b"}, "name"),
    ("Things", {"name": "x", "properties": {"a": "\0"}}, "properties.a"),
    ("Things", {"name": "x", "properties": [1]}, "properties"),
    ("Things", {"name": "x", "Locations": [{"@iot.id": 987654}]}, "Locations.0.@iot.id"),
    ("Locations", {**PLACE, "location": {"type": "Point", "coordinates": [500, 1]}}, "location"),
    ("Locations", {**PLACE, "location": {"type": "Point", "coordinates": "x"}}, "location"),
    ("Locations", {**PLACE, "encodingType": "text/plain"}, "encodingType"),
    ("Datastreams", STREAM, "Thing"),
    ("Observations", READING, "Datastream"),
    ("Observations", {**READING, "MultiDatastream": {"@iot.id": 1}}, "MultiDatastream"),
]


def test_a_fault_in_a_body_names_its_field(world: World) -> None:
    for path, body, field in FAULTS:
        answer = post(world.client, path, body)
        assert (field, answer.status_code) == (field, 400)
        assert answer.json()["errors"][0]["field"] == field
    bent = world.client.post(f"{ROOT}Things", b"{", content_type="application/json")
    assert bent.status_code == 400
    assert post(world.client, "Things(1)", {"name": "x"}).status_code in {404, 405}
    naive = {
        "phenomenonTime": "2026-11-03T08:00:00",
        "result": 1,
        "Datastream": {"@iot.id": world.streams[0].pk},
    }
    assert post(world.client, "Observations", naive).json()["errors"][0]["code"] == "no_offset"


def test_who_may_not_write_does_not(world: World) -> None:
    path = f"Datastreams({world.streams[0].pk})/Observations"
    reader = key_client(person("reader", roles=["school-operator"]), scopes=("read",))
    assert post(reader, path, READING).status_code == 403
    stranger = key_client(person("stranger", roles=["plant-operator"]), domain="plant")
    assert post(stranger, path, READING).status_code == 404
    linked = {**READING, "Datastream": {"@iot.id": world.streams[0].pk}}
    assert post(stranger, "Observations", linked).status_code == 400
    both = key_client(person("both", roles=["plant-operator", "school-viewer"]), domain="plant")
    assert post(both, path, READING).status_code == 404  # a key of the plant sees no school
    thing = f"{ROOT}Things({world.streams[0].thing_id})"
    assert both.patch(thing, {"name": "x"}, content_type="application/json").status_code == 404
    assert both.delete(thing).status_code == 404
    viewer = Client()
    viewer.force_login(person("viewer", roles=["school-viewer"]))
    assert post(viewer, path, READING).status_code == 403
    assert Observation.objects.filter(datastream=world.streams[0]).count() == 5


def test_a_short_answer_can_be_preferred(world: World) -> None:
    answer = post(world.client, "Things", {"name": "Short"}, prefer="return=minimal")
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer["Location"].startswith("http://testserver/sta/v1.1/Things(")
