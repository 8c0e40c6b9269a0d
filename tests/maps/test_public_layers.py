"""Outlines and names of districts are on everybody's map, and open nothing else."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from apps.core.domains import layers_by_id
from apps.core.grades import Grade
from apps.domains.city.models import District
from apps.privacy.policy.grades import grades_of
from tests.maps.builders import drawn, logged_in, road
from tests.people import person

pytestmark = pytest.mark.django_db
DISTRICTS = "/api/v1/maps/features/city.districts/"
CAST = {
    "operator of the city": {"roles": ["city-operator"]},
    "reader of one district": {"roles": ["city-viewer"], "division_code": "359903"},
    "another domain": {"roles": ["hospital-viewer"]},
    "no role": {},
    "system": {"office": "system"},
    "security": {"office": "security"},
    "auditor": {"office": "auditor"},
    "lowest clearance": {"roles": ["school-viewer"], "clearance": Grade.L1},
}


@pytest.fixture
def districts() -> list[District]:
    """Two squares."""
    square = Polygon.from_bbox((118.0, 24.4, 118.1, 24.5))
    rows = [
        District(code=code, name=name, name_en=name, geometry=MultiPolygon(square, srid=4326))
        for code, name in (("359902", "一区"), ("359903", "二区"))
    ]
    return District.objects.bulk_create(rows)


def someone(who: str) -> Client:
    return logged_in(person("ana", **CAST[who]))  # type: ignore[arg-type]


@pytest.mark.parametrize("who", CAST)
def test_everybodys_map_has_every_district(who: str, districts: list[District]) -> None:
    browser = someone(who)
    layers = {layer["id"]: layer for layer in browser.get("/api/v1/maps/layers/").json()}
    assert layers["city.districts"]["count"] == len(districts)
    assert layers["city.districts"]["home"]
    features = browser.get(DISTRICTS).json()["features"]
    assert {feature["properties"]["name"] for feature in features} == {"一区", "二区"}
    tile = browser.get("/tiles/city.districts/0/0/0.mvt")
    assert tile.status_code in {200, 204}


@pytest.mark.parametrize("who", ["another domain", "no role", "system", "auditor", "lowest clearance"])
def test_nothing_but_outlines_and_public_names_is_open(who: str, districts: list[District]) -> None:
    road()
    browser = someone(who)
    layers = browser.get("/api/v1/maps/layers/").json()
    assert [layer["id"] for layer in layers if layer["id"].startswith("city.")] == ["city.districts"]
    body = browser.get(f"{DISTRICTS}{districts[0].pk}/").json()
    assert set(body["properties"]) == {"code", "name", "name_en"}
    assert (body["masked"], body["datastreams"]) == ({}, [])
    for layer in ("roads", "air", "requests", "sites", "detectors"):
        assert browser.get(f"/api/v1/maps/features/city.{layer}/").status_code == 404
        assert browser.get(f"/tiles/city.{layer}/0/0/0.mvt").status_code == 404
        assert browser.get(f"/api/v1/maps/comparisons/city.{layer}/").status_code == 404
    assert browser.get("/api/v1/city/districts/").json().get("results", []) == []


def test_a_stranger_gets_no_outline() -> None:
    assert Client().get("/api/v1/maps/layers/").status_code in {401, 403}
    assert Client().get("/tiles/city.districts/0/0/0.mvt").status_code in {302, 401, 403}


def test_whatever_is_called_public_is_graded_so() -> None:
    for domain, layer in layers_by_id().values():
        if layer.public:
            model = apps.get_model(layer.model)
            assert not getattr(model, "PERSONAL", False), domain.slug
            assert {grade.grade for grade in grades_of(layer.model).values()} == {Grade.L1}


def test_a_tile_of_outlines_holds_no_more_than_their_names(districts: list[District]) -> None:
    browser = someone("another domain")
    tile = browser.get("/tiles/city.districts/8/211/110.mvt")
    assert tile.status_code == 200
    assert {name for feature in drawn(tile.content) for name in feature["properties"]} == {
        "code",
        "name",
        "name_en",
    }
