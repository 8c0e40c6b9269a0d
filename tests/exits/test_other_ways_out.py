"""Ways out beside pages and JSON: columnar files by role, deep tiles, topics of the broker's accounts."""

from __future__ import annotations

import io
from math import asinh, pi, radians, tan
from typing import Any

import mapbox_vector_tile
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.selectors import viewer_for
from apps.archive.models import Backup, DrillReport
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.privacy.models import PolicyRule, PolicyVersion
from apps.privacy.selectors.inforce import IN_FORCE
from apps.sensing.models import Device, Thing
from apps.sensing.services.devices import device_create, device_end, device_rotate
from tests.exits.routes import patterns
from tests.maps.builders import logged_in, request_at
from tests.people import person
from tests.sensing.builders import school_streams
from tests.sensing.test_exports import EXPORT, PERIOD, stored

pytestmark = pytest.mark.django_db
PLACE = (118.0512, 24.4567)


def table_of(client: Client, form: str) -> pa.Table:
    """An export as it is read on the other side."""
    answer: Any = client.get(EXPORT, PERIOD | {"domain": "school", "format": form})
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content)
    return pq.read_table(io.BytesIO(body)) if form == "parquet" else pa.ipc.open_stream(body).read_all()


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_columnar_file_holds_no_row_and_no_column_beyond_the_role(form: str) -> None:
    streams = school_streams()
    stored(streams)
    Thing.objects.filter(pk=streams[0].thing_id).update(division="359901")
    Thing.objects.filter(pk=streams[1].thing_id).update(division="359902")
    version = PolicyVersion.objects.create(number=9, state="in_force", reason="columns")
    hidden = {"sensing.Observation": ("raw", "recorded_at"), "sensing.Datastream": ("key",)}
    for order, (label, name) in enumerate((label, name) for label, names in hidden.items() for name in names):
        PolicyRule.objects.create(
            version=version, order=order, key=f"r{order}", object_type=label, field=name, effect="hide"
        )
    district = logged_in(person("district", roles=["school-viewer"], division_code="359902"))
    IN_FORCE.forget()
    try:
        table = table_of(district, form)
    finally:
        version.delete()
        IN_FORCE.look()
    assert set(table.column_names) == {
        "datastream_id",
        "phenomenon_time",
        "result",
        "unit",
        "quality",
        "flags",
    }
    assert set(table["datastream_id"].to_pylist()) == {streams[1].pk}
    assert streams[0].key not in str(table.schema.metadata)
    low = logged_in(person("low", roles=["school-viewer"], clearance=Grade.L1))
    assert low.get(EXPORT, PERIOD | {"domain": "school", "format": form}).status_code == 403


@pytest.mark.parametrize("zoom", [12, 13, 14, 16, 18, 20, 22])
def test_the_tile_of_a_masked_place_is_that_of_its_cell_and_no_other(zoom: int) -> None:
    row = request_at(*PLACE)
    client = logged_in(person("viewer", roles=["city-viewer"]))
    here, there = _tile(zoom, 118.055, 24.455), _tile(zoom, *PLACE)
    holding = _tiles(client, zoom, here)
    assert [one["id"] for one in holding] == [row.pk]
    assert not {*holding[0]["properties"]} & {"text", "address", "reporter_name"}
    if there != here and max(abs(a - b) for a, b in zip(there, here, strict=True)) > 1:
        assert _tiles(client, zoom, there) == []


def _tile(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    count = 1 << zoom
    return int((lon + 180) / 360 * count), int((1 - asinh(tan(radians(lat))) / pi) / 2 * count)


def _tiles(client: Client, zoom: int, tile: tuple[int, int]) -> list[dict[str, Any]]:
    answer = client.get(f"/tiles/city.requests/{zoom}/{tile[0]}/{tile[1]}.mvt")
    if not answer.content:
        return []
    layers = mapbox_vector_tile.decode(answer.content)
    return [feature for layer in layers.values() for feature in layer["features"]]


def test_a_clerk_of_a_district_makes_no_account_that_reaches_beyond_it() -> None:
    streams = school_streams(2)
    Thing.objects.filter(pk=streams[0].thing_id).update(division="359901")
    clerk = viewer_for(person("clerk", roles=["school-operator"], division_code="359902"))
    other = Device.objects.create(domain="school", code="T000", kind="device", created_by=person("boss"))
    wall = Device.objects.create(
        domain="school", code="wall", kind="reader", created_by_id=other.created_by_id
    )
    acts = (
        lambda: device_create(domain="school", code="T000", kind="device", viewer=clerk),
        lambda: device_create(domain="school", code="hall", kind="reader", viewer=clerk),
        lambda: device_rotate(other, viewer=clerk),
        lambda: device_rotate(wall, viewer=clerk),
        lambda: device_end(other, viewer=clerk),
    )
    for act in acts:
        with pytest.raises(ProblemError) as refused:
            act()
        assert refused.value.status in {400, 403, 404}
    assert set(Device.objects.values_list("active", flat=True)) == {True}


def test_no_account_of_a_device_lies_on_the_topic_of_the_readers() -> None:
    thing = school_streams(1)[0].thing
    Thing.objects.filter(pk=thing.pk).update(code="observations")
    client = APIClient()
    client.force_login(person("clerk", roles=["school-operator"]))
    body = {"domain": "school", "code": "observations", "kind": "device"}
    refused = client.post("/api/v1/sensing/devices/", body, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "code")


ROLES = ("viewer", "operator", "planner", "analyst", "approver")


@pytest.mark.parametrize("act", ["backups", "drills"])
def test_backups_and_restores_are_asked_for_by_the_system_office_alone(act: str) -> None:
    people = [person(kind, roles=[f"city-{kind}"], clearance=Grade.L4) for kind in ROLES]
    people += [person(f"office-{name}", office=name) for name in ("security", "auditor")]
    for user in people:
        client = APIClient()
        client.force_login(user)
        assert client.post(f"/api/v1/archive/{act}/", {}, format="json").status_code == 403, user.username
    assert not Backup.objects.exists()
    assert not DrillReport.objects.exists()
    chief = APIClient()
    chief.force_login(person("chief", office="system"))
    assert chief.post(f"/api/v1/archive/{act}/", {}, format="json").status_code in {202, 409}


def test_no_address_restores_rows_or_hands_out_a_backup() -> None:
    """Restoring is a command at the machine; a backup's file has no address, and readings come by exports."""
    names = [route for route, _pattern in patterns() if "restore" in route.lower()]
    assert names == []
    backup = Backup.objects.create(kind="dump", path="dump/x.dump", started_at="2026-11-01T00:00:00Z")
    chief = APIClient()
    chief.force_authenticate(person("chief", office="system"))
    for path in (
        f"/api/v1/archive/backups/{backup.pk}/download/",
        "/media/dump/x.dump",
        "/backups/dump/x.dump",
    ):
        assert chief.get(path).status_code == 404, path
