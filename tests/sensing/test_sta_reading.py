"""SensorThings, the reading half: sets, paths, options and the rights of those who ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.sensing.models import Datastream, Observation, Thing
from apps.sensing.sensorthings.moments import moment_text
from apps.sensing.services import readings_store
from tests.people import person
from tests.sensing.builders import batch, school_streams
from tests.sensing.sta import ROOT, World, key_client, world_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Schools, a plant, and a client of the schools."""
    return world_make()


def test_the_landing_page_names_the_sets_and_what_is_met(world: World) -> None:
    body = world.get("")
    assert {item["name"] for item in body["value"]} == {
        *("Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties"),
        *("Observations", "FeaturesOfInterest"),
    }
    met = body["serverSettings"]["conformance"]
    assert any(item.endswith("/filter") for item in met)
    assert not any("multi-datastream" in item or "batch" in item for item in met)
    assert all(item["url"].startswith("http://testserver/sta/v1.1/") for item in body["value"])


def test_an_entity_carries_its_links(world: World) -> None:
    stream = world.streams[0]
    body = world.get(f"Datastreams({stream.pk})")
    assert body["@iot.selfLink"] == f"http://testserver/sta/v1.1/Datastreams({stream.pk})"
    assert body["Thing@iot.navigationLink"].endswith(f"Datastreams({stream.pk})/Thing")
    assert body["unitOfMeasurement"] == {"name": "[ppm]", "symbol": "[ppm]", "definition": "ucum:[ppm]"}
    assert body["phenomenonTime"] == "2026-11-02T12:00:00Z/2026-11-02T12:04:00Z"
    assert body["observedArea"] == {"type": "Point", "coordinates": [118.0, 24.5]}
    assert body["properties"]["room"] == {"name": "Lab"}


def test_paths_lead_as_deep_as_one_likes(world: World) -> None:
    stream = world.streams[0]
    thing, key = stream.thing_id, f"{stream.pk}-1793620800000000"
    path = f"Things({thing})/Datastreams({stream.pk})/Observations('{key}')/Datastream/Sensor"
    assert world.get(path)["name"] == f"Probe {stream.pk}"
    assert world.get(f"Things({thing})/name") == {"name": "School 0"}
    assert world.get(f"Datastreams({stream.pk})/properties/room/name") == {"name": "Lab"}
    raw = world.client.get(f"{ROOT}Things({thing})/name/$value")
    assert (raw.content, raw.headers["Content-Type"]) == (b"School 0", "text/plain; charset=utf-8")
    refs = world.get(f"Things({thing})/Datastreams/$ref")["value"]
    assert refs == [{"@iot.selfLink": f"http://testserver/sta/v1.1/Datastreams({stream.pk})"}]


def test_a_wrong_path_is_not_found(world: World) -> None:
    for path in [
        "Nothings",
        "Things(1",
        "Things(99999999)",
        "Things/name",
        "Things(1)/Nope",
        "Things(x)",
        "$ref",
    ]:
        status, body = world.refused(path)
        assert (path, status) == (path, 404)
        assert body["message"] == body["detail"]


FILTERS = [
    ("Things", "name eq 'School 0'", 1),
    ("Things", "startswith(name,'School') and not endswith(name,'1')", 1),
    ("Things", "substringof('chool',name) or length(name) gt 90", 2),
    ("Things", "tolower(name) eq 'school 1'", 1),
    ("Things", "indexof(name,'0') eq 7 and substring(name,7) eq '0' and concat(name,'x') eq 'School 0x'", 1),
    ("Things", "Datastreams/ObservedProperty/name eq 'co2'", 2),
    (
        "Things",
        "st_within(Locations/location, geography'POLYGON((117.5 24,118.5 24,118.5 25,117.5 25,117.5 24))')",
        1,
    ),
    ("Locations", "geo.distance(location, geography'POINT (118 24.5)') lt 0.5", 1),
    ("Locations", "location/type eq 'Point' or location/geometry/type eq 'Point'", 2),  # QGIS asks so
    ("Locations", "location/type eq 'Polygon' or location/geometry/type eq 'Polygon'", 0),
    ("FeaturesOfInterest", "feature/geometry/type eq 'Point'", 0),
    ("Locations", "st_intersects(location, geography'POLYGON ((117 24,120 24,120 25,117 25,117 24))')", 2),
    ("Locations", "Things/name eq 'School 1'", 1),
    ("Datastreams", "properties/floor eq 3 and properties/room/name eq 'Lab'", 2),
    ("Datastreams", "unitOfMeasurement/symbol eq '[ppm]' and Sensor/name ne 'x'", 2),
    ("Datastreams", "Thing/name eq 'School 0' and Observations/result gt 439", 1),
    ("Datastreams", "Observations/result gt 5000", 0),
    ("Observations", "result gt 415 and result le 430", 4),
    ("Observations", "result add 2 mul 5 eq 410 or result div 2 eq 220", 3),
    ("Observations", "result mod 2 eq 1", 1),
    ("Observations", "result div 0 eq 1 or result mod 0 eq 1", 0),
    ("Observations", "result mul 1e300 mul 1e300 gt 1e200", 10),
    ("Observations", "result div 1e300 div 1e300 eq 0", 10),
    ("Observations", "phenomenonTime gt 2026-11-02T12:01:00Z", 6),
    ("Observations", "phenomenonTime ge '2026-11-02T12:04:00Z'", 2),
    ("Observations", "phenomenonTime lt 2026-11-02T20:01:00+08:00", 2),
    ("Observations", "phenomenonTime lt now() add duration'P9999D'", 10),
    (
        "Observations",
        "year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 11 and day(phenomenonTime) eq 2",
        10,
    ),
    (
        "Observations",
        "hour(phenomenonTime) eq 12 and minute(phenomenonTime) eq 3 and second(phenomenonTime) eq 0",
        2,
    ),
    ("Observations", "date(phenomenonTime) eq 2026-11-02", 10),
    ("Observations", "Datastream/Thing/name eq 'School 1'", 5),
    ("Observations", "resultQuality/quality eq 0", 10),
    ("Observations", "result eq null", 0),
    ("Observations", "round(result div 100) eq 4 and floor(result) eq 400", 1),
    ("ObservedProperties", "Datastreams/Thing/name eq 'School 0'", 1),
    ("Sensors", "metadata ne null and startswith(name,'Probe')", 2),
    ("HistoricalLocations", "time eq 2026-11-02T12:00:00Z and Thing/name eq 'School 0'", 1),
    ("FeaturesOfInterest", "Observations/result eq 401", 1),
]


def test_filters_find_what_they_say(world: World) -> None:
    found = {(path, text): len(world.ids(path, filter=text)) for path, text, _count in FILTERS}
    assert found == {(path, text): count for path, text, count in FILTERS}


FAULTS = [
    ("Observations", {"filter": "phenomenomTime gt 2026-01-01T00:00:00Z"}, "phenomenonTime"),
    ("Observations", {"filter": "result gt 'a'"}, "compared"),
    ("Observations", {"filter": "result gt"}, "missing"),
    ("Observations", {"filter": "phenomenonTime gt 2026-01-01T00:00:00"}, "cannot be read"),
    ("Observations", {"filter": "nofunction(result)"}, "substringof"),
    ("Observations", {"orderby": "Datastream/Sensor/name"}, "order"),
    ("Observations", {"top": "-1"}, "whole number"),
    ("Observations", {"skip": "5000000"}, "nextLink"),
    ("Observations", {"skiptoken": "bm9wZQ"}, "begin again"),
    ("Observations", {"search": "x"}, "$filter"),
    ("Locations", {"filter": "st_within(location, geography'POINT (nope)')"}, "cannot be read"),
    ("Things", {"expand": "Nothings"}, "Locations"),
    ("Things", {"select": "nam"}, "name"),
    ("Things", {"filter": "(" * 60 + "1 eq 1" + ")" * 60}, "deep"),
]


def test_a_fault_in_the_question_is_named(world: World) -> None:
    for path, query, words in FAULTS:
        status, body = world.refused(path, **query)
        assert status == 400
        assert words in body["message"], (query, body["message"])
        assert body["errors"][0]["field"] == f"${next(iter(query))}"


def test_order_select_top_and_count_work_together(world: World) -> None:
    query = {"orderby": "result desc,phenomenonTime", "top": "3", "select": "result", "count": "true"}
    body = world.get("Observations", **query)
    assert [row["result"] for row in body["value"]] == [440, 440, 430]
    assert body["@iot.count"] == 10
    assert set(body["value"][0]) == {"@iot.id", "@iot.selfLink", "result"}


ORDERS = ["", "result desc", "result", "phenomenonTime desc", "Datastream/name desc,result", "id desc"]


def test_following_the_links_gives_each_row_once(world: World) -> None:
    for order in ORDERS:
        body = world.get("Observations", top="3", **({"orderby": order} if order else {}))
        seen = [row["@iot.id"] for row in body["value"]]
        while link := body.get("@iot.nextLink"):
            assert "$skip=" not in link
            body = world.client.get(link).json()
            seen += [row["@iot.id"] for row in body["value"]]
        assert (order, len(seen), len(set(seen))) == (order, 10, 10)


def test_the_newest_of_all_datastreams_are_found_however_far_apart(world: World) -> None:
    days = [-400.0, -45.0, -44.0, -3.0, -2.0, -0.5]
    for stream in world.streams:
        readings_store(batch=batch([stream.pk] * 6, [day * 86_400 for day in days], [450.0] * 6))
    body = world.get("Observations", top="4", orderby="phenomenonTime desc,result")
    seen = [(row["phenomenonTime"], row["@iot.id"]) for row in body["value"]]
    while link := body.get("@iot.nextLink"):
        body = world.client.get(link).json()
        seen += [(row["phenomenonTime"], row["@iot.id"]) for row in body["value"]]
    assert len(seen) == len(set(seen)) == 22
    assert [moment for moment, _key in seen] == sorted((moment for moment, _key in seen), reverse=True)


def test_paging_ten_thousand_rows_gives_each_once_while_others_write(world: World) -> None:
    stream = world.streams[0].pk
    seconds = [1000.0 + 2 * number for number in range(10_000)]
    readings_store(batch=batch([stream] * 10_000, seconds, [500.0] * 10_000))
    before = set(Observation.objects.filter(datastream=stream).values_list("phenomenon_time", flat=True))
    body = world.get(f"Datastreams({stream})/Observations", top="1000", orderby="phenomenonTime desc")
    seen = [row["phenomenonTime"] for row in body["value"]]
    for step in range(20):
        link = body.get("@iot.nextLink")
        if link is None:
            break
        late = [1001.0 + 2 * (step * 900 + number) for number in range(3)]
        readings_store(batch=batch([stream] * 3, late, [501.0] * 3))
        body = world.client.get(link).json()
        seen += [row["phenomenonTime"] for row in body["value"]]
    assert len(seen) == len(set(seen))
    assert {moment_text(moment) for moment in before} <= set(seen)


def test_expanding_asks_as_many_questions_for_two_rows_as_for_one(
    world: World, django_assert_max_num_queries: Any
) -> None:
    expand = (
        "Thing($expand=Locations),Sensor,ObservedProperty,Observations($top=1;$orderby=phenomenonTime desc)"
    )
    with django_assert_max_num_queries(20) as asked:
        body = world.get("Datastreams", expand=expand, top="1")
    with django_assert_max_num_queries(len(asked)):
        body = world.get("Datastreams", expand=expand)
    first = body["value"][0]
    assert first["Observations"][0]["result"] == 440
    assert "$skiptoken" in first["Observations@iot.nextLink"]
    assert first["Thing"]["Locations"][0]["location"]["type"] == "Point"
    assert first["Sensor"]["name"].startswith("Probe")
    assert first["ObservedProperty"]["name"] == "co2"
    further = world.client.get(first["Observations@iot.nextLink"]).json()
    assert [row["result"] for row in further["value"]] == [430]


def test_what_is_expanded_can_be_filtered_counted_and_expanded_again(world: World) -> None:
    body = world.get(
        "Things", expand="Datastreams($count=true;$expand=Observations($filter=result gt 425;$count=true))"
    )
    stream = body["value"][0]["Datastreams"][0]
    assert body["value"][0]["Datastreams@iot.count"] == 1
    assert [row["result"] for row in stream["Observations"]] == [430, 440]
    assert stream["Observations@iot.count"] == 2
    feature = world.get("Observations", expand="FeatureOfInterest,Datastream/Thing", top="1")["value"][0]
    assert feature["FeatureOfInterest"]["feature"]["type"] == "Point"
    assert feature["Datastream"]["Thing"]["name"] == "School 0"


def test_data_arrays_say_names_once(world: World) -> None:
    body = world.get(
        f"Datastreams({world.streams[0].pk})/Observations", resultFormat="dataArray", select="result"
    )
    array = body["value"][0]
    assert array["components"] == ["id", "result"]
    assert [cells[1] for cells in array["dataArray"]] == [400, 410, 420, 430, 440]


SETS = [
    "Things",
    "Locations",
    "HistoricalLocations",
    "Datastreams",
    "Sensors",
    "Observations",
    "FeaturesOfInterest",
]


def test_another_domain_cannot_be_seen_by_any_way(world: World) -> None:
    stranger = World(
        world.streams, world.plant, key_client(person("other", roles=["farm-viewer"]), domain="farm")
    )
    assert [stranger.ids(name) for name in SETS] == [[]] * len(SETS)
    body = stranger.get("ObservedProperties", expand="Datastreams($count=true;$expand=Observations,Thing)")
    assert all(row["Datastreams"] == [] and row["Datastreams@iot.count"] == 0 for row in body["value"])
    assert stranger.ids("ObservedProperties", filter="Datastreams/Thing/name eq 'School 0'") == []
    assert stranger.refused(f"Datastreams({world.streams[0].pk})/Observations")[0] == 404
    assert stranger.refused(f"Things({world.streams[0].thing_id})/Locations")[0] == 404


def test_no_error_tells_what_stands_in_a_hidden_row(world: World) -> None:
    for text in ("1 div (result sub 2) gt 0", "1 mod (result sub 2) gt 0", "result mul 1e308 mul 1e308 gt 0"):
        world.ids("Observations", filter=f"{text} and Datastream/Thing/name eq 'Plant 1'")
    Thing.objects.filter(pk=world.plant.thing_id).update(properties={"a": 10**400})
    assert world.ids("Things", filter="properties/a gt 5") == []


def test_a_low_clearance_neither_sees_nor_asks_what_is_internal(world: World) -> None:
    low = person("low", roles=["school-viewer"], clearance=1)
    viewer = World(world.streams, world.plant, key_client(low))
    thing = viewer.get("Things")["value"][0]
    assert set(thing) == {"@iot.id", "@iot.selfLink"}
    assert viewer.refused("Things", filter="name eq 'School 0'")[0] == 403
    assert viewer.refused("Things", orderby="name")[0] == 403
    assert viewer.refused("Things", expand="Datastreams")[0] == 403
    assert viewer.refused(f"Things({thing['@iot.id']})/name")[0] == 403
    assert viewer.refused("Datastreams", filter="Observations/result gt 1")[0] == 403
    assert viewer.ids("Observations") == []


def test_without_a_key_there_is_nothing(world: World) -> None:
    answer = Client().get(f"{ROOT}Things")
    assert answer.status_code == 401
    assert answer.json()["message"]


def test_what_can_only_be_selected_is_said_to_be_so_and_never_meant(world: World) -> None:
    for query in ({"filter": "phenomenonTime ge 2026-01-01T00:00:00Z"}, {"orderby": "phenomenonTime"}):
        status, body = world.refused("Datastreams", **query)
        assert status == 400
        assert "can be selected, but not filtered" in body["detail"]
    _status, body = world.refused("Datastreams", filter="phenomenonTimes ge 1")
    assert "did you mean phenomenonTime?" in body["detail"]


@pytest.mark.parametrize("path", ["Things", "Datastreams", "Observations/$ref"])
def test_data_arrays_of_anything_but_observations_are_refused(world: World, path: str) -> None:
    status, body = world.refused(path, resultFormat="dataArray")
    assert (status, body["errors"][0]["field"]) == (400, "$resultFormat")


def test_a_registered_datastream_has_a_sensor_that_says_what_is_declared() -> None:
    (stream,) = school_streams(1)
    before = Datastream.objects.filter(pk=stream.pk)
    before.update(sensor=None)
    school_streams(1)
    sensor = before.get().sensor
    assert sensor is not None
    assert sensor.metadata["unit"] == stream.unit
    assert sensor.datastreams.count() == 1
