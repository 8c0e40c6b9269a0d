"""SensorThings by scope: a key changes what one of its scopes names; ``ingest`` sends observations only."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from apps.sensing.models import Datastream, Observation, ObservedProperty, Thing
from apps.sensing.sensorthings.access import REST, scope_of
from apps.sensing.sensorthings.catalogue import ENTITIES
from tests.people import department, person
from tests.sensing.sta import CHANGING, EVERYTHING, ROOT, World, key_client, world_make

pytestmark = pytest.mark.django_db
READING = {"phenomenonTime": "2026-11-03T08:00:00Z", "result": 21.5}
CHANGES = {"HistoricalLocation": {"time": "2026-01-01T00:00:00Z"}, "Observation": {"result": 77}}
METHODS = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world() -> World:
    """Schools, a plant, and a client of the schools."""
    department("education")
    return world_make()


def asked(client: Client, method: str, path: str, body: Any = None) -> Any:
    """The answer to a request with a JSON body."""
    return client.generic(method, ROOT + path, b"" if body is None else client_json(body), "application/json")


def client_json(body: Any) -> bytes:
    """A body as bytes."""

    return json.dumps(body).encode()


def first_id(world: World, plural: str) -> str:
    """The id of the first entity of a set, as it stands in a path."""
    key = world.ids(plural, top="1")[0]
    return f"'{key}'" if isinstance(key, str) else str(key)


def test_no_entity_is_changed_without_its_scope(world: World) -> None:
    owner = person("owner", roles=["school-operator"])
    wrong = []
    for entity in ENTITIES:
        path = f"{entity.plural}({first_id(world, entity.plural)})"
        for method in METHODS:
            needed = scope_of(entity.name, method)
            lacking = key_client(owner, scopes=tuple(one for one in EVERYTHING if one != needed))
            target = entity.plural if method == "POST" else path
            body = CHANGES.get(entity.name, {"name": "x"})
            answer = asked(lacking, method, target, body)
            if answer.status_code != 403 or needed not in answer.json()["detail"]:
                wrong.append((method, target, answer.status_code))
    assert wrong == []


def test_a_key_that_only_sends_readings_changes_nothing(world: World) -> None:
    client = key_client(person("owner", roles=["school-operator"]), scopes=("read", "ingest"))
    stream = world.streams[0].pk
    before = list(Thing.objects.order_by("pk").values()), list(Datastream.objects.order_by("pk").values())
    for entity in ENTITIES:
        path = f"{entity.plural}({first_id(world, entity.plural)})"
        for method in METHODS[1:]:
            body = CHANGES.get(entity.name, {"name": "x"})
            assert asked(client, method, path, body).status_code == 403, (method, path)
    assert (
        list(Thing.objects.order_by("pk").values()),
        list(Datastream.objects.order_by("pk").values()),
    ) == before
    assert asked(client, "POST", f"Datastreams({stream})/Observations", READING).status_code == 201
    array = {"Datastream": {"@iot.id": stream}, "components": ["phenomenonTime", "result"]}
    array["dataArray"] = [["2026-11-03T08:01:00Z", 1]]
    assert asked(client, "POST", "CreateObservations", [array]).status_code == 201
    made = {"result": 1, "Datastream": {"name": "New", "Thing": {"name": "New"}}}
    assert asked(client, "POST", "Observations", made).status_code == 403


def test_a_write_scope_carries_its_owners_role_and_no_more(world: World) -> None:
    viewer = key_client(person("looker", roles=["school-viewer"]), scopes=EVERYTHING)
    thing = world.streams[0].thing_id
    assert asked(viewer, "PATCH", f"Things({thing})", {"name": "x"}).status_code == 403
    owner = key_client(person("owner", roles=["school-operator"]), scopes=("write:sensing.things",))
    assert asked(owner, "PATCH", f"Things({thing})", {"name": "x"}).status_code == 200
    place = {"name": "P", "location": {"type": "Point", "coordinates": [118, 24]}}
    moved = asked(owner, "POST", f"Things({thing})/Locations", place)
    assert (moved.status_code, "write:sensing.locations" in moved.json()["detail"]) == (403, True)


def test_what_several_domains_share_is_changed_by_who_may_write_them_all(world: World) -> None:
    shared = ObservedProperty.objects.create(name="Shared", title_zh="共用", title_en="Shared")
    for stream in (world.streams[0], world.plant):
        Datastream.objects.filter(pk=stream.pk).update(observed_property=shared)
    assert (
        asked(world.client, "PATCH", f"ObservedProperties({shared.pk})", {"name": "Mine"}).status_code == 403
    )
    assert asked(world.client, "DELETE", f"ObservedProperties({shared.pk})").status_code == 403
    shared.refresh_from_db()
    assert shared.name == "Shared"


def test_a_retired_thing_comes_back_with_its_datastreams(world: World) -> None:
    stream = world.streams[0]
    assert asked(world.client, "DELETE", f"Things({stream.thing_id})").status_code == 200
    assert world.client.get(f"{ROOT}Things({stream.thing_id})").status_code == 404
    back = world.client.post(f"/api/v1/sensing/things/{stream.thing_id}/activate/")
    assert back.status_code == 200, back.content
    assert world.client.get(f"{ROOT}Things({stream.thing_id})").status_code == 200
    stream.refresh_from_db()
    assert stream.active
    lacking = key_client(person("owner", roles=["school-operator"]), scopes=("read",))
    assert lacking.post(f"/api/v1/sensing/things/{stream.thing_id}/activate/").status_code == 403


def test_every_entity_type_has_a_scope() -> None:
    assert set(REST) | {"Observation"} == {entity.name for entity in ENTITIES}
    assert len(CHANGING) == len(ENTITIES)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("Observations", {"unit": "MWh"}, "unit"),
        ("Observations", {"nonsense": 1}, "nonsense"),
        ("Observations", {"resultQuality": "bad"}, "resultQuality"),
        ("Observations", {"resultTime": "garbage"}, "resultTime"),
        ("Observations", {"validTime": "2026-01-01T00:00:00Z/2027-01-01T00:00:00Z"}, "validTime"),
        ("Observations", {"@iot.id": 5}, "@iot.id"),
        ("Things", {"name": "x", "zzz": 1}, "zzz"),
        (
            "Things",
            {"name": "x", "HistoricalLocations": [{"time": "2026-01-01T00:00:00Z"}]},
            "HistoricalLocations",
        ),
        ("Sensors", {"name": "x", "unit": "m"}, "unit"),
    ],
)
def test_a_member_that_would_not_be_kept_is_refused_by_name(
    world: World, path: str, body: dict[str, Any], field: str
) -> None:
    if path == "Observations":
        body, path = {**READING, **body}, f"Datastreams({world.streams[0].pk})/Observations"
    before = Observation.objects.count(), Thing.objects.count()
    answer = asked(world.client, "POST", path, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert (Observation.objects.count(), Thing.objects.count()) == before


def test_a_change_takes_back_what_was_read_and_refuses_what_it_does_not_know(world: World) -> None:
    stream = world.streams[0]
    for path in (f"Things({stream.thing_id})", f"Datastreams({stream.pk})"):
        whole = world.get(path)
        assert asked(world.client, "PUT", path, whole).status_code == 200
        assert asked(world.client, "PATCH", path, {"zzz": 1}).status_code == 400
        assert asked(world.client, "PATCH", path, {"@iot.id": stream.pk + 999}).status_code == 400
    assert asked(world.client, "PATCH", f"Datastreams({stream.pk})", {"observedArea": {}}).status_code == 400


def test_a_name_that_stands_twice_is_refused_by_name(world: World) -> None:
    path = f"{ROOT}Datastreams({world.streams[0].pk})/Observations"
    for body in (
        '{"phenomenonTime":"2026-11-03T08:00:00Z","result":1,"result":2}',
        '{"phenomenonTime":"2026-11-03T08:00:00Z","result":1,"\\u0072esult":2}',
    ):
        answer = world.client.post(path, body, content_type="application/json")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "result")


def test_an_array_says_what_it_holds(world: World) -> None:
    array = {"Datastream": {"@iot.id": world.streams[0].pk}, "components": ["phenomenonTime", "result"]}
    array["dataArray"] = [["2026-11-03T08:00:00Z", 1]]
    for more in ({"dataArray@iot.count": 9}, {"unit": "m"}, {"components": [*array["components"], "id"]}):
        assert asked(world.client, "POST", "CreateObservations", [array | more]).status_code == 400, more


def test_only_the_selected_members_are_shown(world: World) -> None:
    row = world.get(f"Things({world.streams[0].thing_id})", select="id")
    assert set(row) == {"@iot.id", "@iot.selfLink"}


def test_no_link_leads_to_nothing(world: World) -> None:
    Datastream.objects.filter(pk=world.streams[0].pk).update(sensor=None)
    assert "Sensor@iot.navigationLink" not in world.get(f"Datastreams({world.streams[0].pk})")
    assert "Sensor@iot.navigationLink" in world.get(f"Datastreams({world.streams[1].pk})")


def test_a_body_is_json_packed_or_not(world: World) -> None:

    path, body = f"{ROOT}Datastreams({world.streams[0].pk})/Observations", json.dumps(READING).encode()
    assert world.client.post(path, body, content_type="text/plain").status_code == 415
    packed = world.client.generic(
        "POST", path, gzip.compress(body), "application/json", headers={"content-encoding": "gzip"}
    )
    assert packed.status_code == 201
