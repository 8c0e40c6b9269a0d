"""OGC API Features 1.0 and Tiles 1.0: every page obeys the rights of its reader."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.core.grades import Grade
from apps.domains.city.models import RoadSegment
from tests.maps.builders import drawn, latest, logged_in, request_at, road
from tests.people import person

pytestmark = pytest.mark.django_db
ROADS, REQUESTS = "/ogc/collections/city.roads", "/ogc/collections/city.requests"


@pytest.fixture
def viewer() -> Client:
    return logged_in(person("bo", roles=["city-viewer"]))


def links(body: dict[str, Any]) -> dict[str, str]:
    """Rel -> path and query."""
    parts = {link["rel"]: urlsplit(link["href"]) for link in reversed(body["links"])}
    return {rel: part.path + (f"?{part.query}" if part.query else "") for rel, part in parts.items()}


def codes(body: dict[str, Any]) -> list[str]:
    return [feature["properties"]["code"] for feature in body["features"]]


def test_the_landing_page_leads_to_everything(viewer: Client) -> None:
    road()
    found = links(viewer.get("/ogc/").json())
    assert {"service-desc", "conformance", "data"} <= set(found)
    assert any(
        "ogcapi-features-1/1.0/conf/core" in name
        for name in viewer.get(found["conformance"]).json()["conformsTo"]
    )
    roads = next(
        item for item in viewer.get(found["data"]).json()["collections"] if item["id"] == "city.roads"
    )
    assert roads["extent"]["spatial"]["bbox"] == [pytest.approx([118.05, 24.45, 118.06, 24.45])]
    assert viewer.get(links(roads)["items"]).status_code == 200


def test_features_carry_clear_properties_and_the_newest_reading(viewer: Client) -> None:
    segment, stream = road()
    latest(stream, 31.5)
    answer = viewer.get(f"{ROADS}/items")
    (feature,) = answer.json()["features"]
    assert answer["Content-Type"] == "application/geo+json"
    assert (feature["id"], feature["geometry"]["type"]) == (segment.pk, "LineString")
    assert feature["properties"]["live_value"] == 31.5
    assert feature["properties"]["speed_limit"] == 45


def test_pages_follow_each_other_by_key(viewer: Client) -> None:
    for code in ("T1", "T2", "T3"):
        road(code)
    first = viewer.get(f"{ROADS}/items", {"limit": 2, "f": "json"}).json()
    second = viewer.get(links(first)["next"]).json()
    assert codes(first) + codes(second) == ["T1", "T2", "T3"]
    assert "next" not in links(second)
    assert "numberMatched" not in first
    assert codes(viewer.get(f"{ROADS}/items", {"limit": 2, "offset": 1}).json()) == ["T2", "T3"]


def test_a_page_that_holds_everything_says_how_many(viewer: Client) -> None:
    for code in ("T1", "T2"):
        road(code)
    whole = viewer.get(f"{ROADS}/items").json()
    hits = viewer.get(f"{ROADS}/items", {"resultType": "hits", "road_class": "local"}).json()
    assert (whole["numberMatched"], whole["numberReturned"]) == (2, 2)
    assert (hits["numberMatched"], hits["features"]) == (2, [])


def test_a_box_may_have_fifteen_digits_and_encoded_commas(viewer: Client) -> None:
    road("T1", lon=118.05)
    road("T2", lon=118.50)
    box = "118.400000000000006%2C24.000000000000000%2C119.123456789012345%2C25"
    assert codes(viewer.get(f"{ROADS}/items?bbox={box}").json()) == ["T2"]
    assert len(codes(viewer.get(f"{ROADS}/items?bbox=-1000,-1000,0,1000,1000,9").json())) == 2


def test_a_masked_place_is_its_cell_and_cannot_be_found_by_a_box(viewer: Client) -> None:
    request_at(118.0512, 24.4567)
    around_truth, around_centre = "118.0511,24.4566,118.0513,24.4568", "118.0549,24.4549,118.0551,24.4551"
    assert viewer.get(f"{REQUESTS}/items", {"bbox": around_truth}).json()["features"] == []
    (feature,) = viewer.get(f"{REQUESTS}/items", {"bbox": around_centre}).json()["features"]
    assert feature["geometry"]["coordinates"] == [118.055, 24.455]
    high = logged_in(person("high", roles=["city-viewer"], clearance=Grade.L3))
    assert high.get(f"{REQUESTS}/items").json()["features"][0]["geometry"]["coordinates"] == [
        118.0512,
        24.4567,
    ]


def test_what_is_masked_is_neither_shown_nor_a_filter(viewer: Client) -> None:
    request_at(118.0512, 24.4567)
    (feature,) = viewer.get(f"{REQUESTS}/items").json()["features"]
    assert not {"reporter_name", "text"} & set(feature["properties"])
    refused = viewer.get(f"{REQUESTS}/items", {"reporter_name": "王小明"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reporter_name")
    assert "reporter_name" not in viewer.get("/ogc/api").content.decode()


def test_a_property_filter_takes_the_values_of_its_field(viewer: Client) -> None:
    road("T1")
    road("T2")
    assert codes(viewer.get(f"{ROADS}/items", {"code": "T2", "speed_limit": "45"}).json()) == ["T2"]
    unreadable = viewer.get(f"{ROADS}/items", {"code": "T\x002"})
    assert (unreadable.status_code, unreadable.json()["errors"][0]["field"]) == (400, "code")
    wrong = viewer.get(f"{ROADS}/items", {"speed_limit": "fast"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "speed_limit")


def test_a_period_means_the_newest_reading_and_nothing_to_a_still_layer(viewer: Client) -> None:
    for code in ("T1", "T2"):
        _segment, stream = road(code)
        if code == "T1":
            latest(stream, 31.5)
    request_at(118.0512, 24.4567)
    for text in ("2026-03-02T04:00:00Z", "2026-03-02T00:00:00Z/..", "../2026-03-03T00:00:00Z"):
        assert codes(viewer.get(f"{ROADS}/items", {"datetime": text}).json()) == ["T1"]
    assert viewer.get(f"{REQUESTS}/items", {"datetime": "1999-01-01T00:00:00Z"}).json()["numberReturned"] == 1


def test_another_division_and_another_domain_see_nothing() -> None:
    segment, _stream = road("T1", division="359902")
    road("T2", division="359903")
    limited = logged_in(person("ana", roles=["city-viewer"], division_code="359903"))
    farmer = logged_in(person("fa", roles=["farm-viewer"]))
    assert codes(limited.get(f"{ROADS}/items").json()) == ["T2"]
    assert limited.get(f"{ROADS}/items/{segment.pk}").status_code == 404
    assert farmer.get(f"{ROADS}/items").status_code == 404
    assert "city." not in farmer.get("/ogc/collections").content.decode()


def test_one_feature_has_its_links(viewer: Client) -> None:
    segment, _stream = road()
    feature = viewer.get(f"{ROADS}/items/{segment.pk}").json()
    assert (feature["type"], feature["properties"]["code"]) == ("Feature", "T1")
    assert links(feature)["collection"] == ROADS


def test_quotes_and_letters_of_every_script_survive(viewer: Client) -> None:
    road()
    name = '解放"路\\n\u2028 % %s'
    RoadSegment.objects.update(name=name)
    assert viewer.get(f"{ROADS}/items").json()["features"][0]["properties"]["name"] == name


def test_a_person_gets_a_page(viewer: Client) -> None:
    road()
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for where in ("/ogc/", "/ogc/api", "/ogc/collections", ROADS, f"{ROADS}/items", f"{ROADS}/tiles"):
        answer = viewer.get(where, headers=browser)
        assert answer["Content-Type"].startswith("text/html"), where
    assert "<td>T1</td>" in viewer.get(f"{ROADS}/items", {"f": "html"}).content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bbox", "1,2,3"),
        ("bbox", "nan,nan,nan,nan"),
        ("bbox", "118,25,119,24"),
        ("limit", "0"),
        ("limit", "²"),
        ("cursor", "-1"),
        ("cursor", "9" * 30),
        ("offset", "many"),
        ("datetime", "yesterday"),
        ("datetime", "2026-03-03T00:00:00Z/2026-03-02T00:00:00Z"),
        ("f", "xml"),
        ("unknown", "1"),
    ],
)
def test_a_bad_parameter_is_named(viewer: Client, name: str, value: str) -> None:
    answer = viewer.get(f"{ROADS}/items", {name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name


def test_a_limit_above_the_greatest_is_the_greatest(viewer: Client) -> None:
    road()
    assert viewer.get(f"{ROADS}/items", {"limit": 1_000_000}).json()["numberReturned"] == 1


def test_the_ogc_tile_is_the_tile(viewer: Client) -> None:
    segment, _stream = road()
    ours, theirs = (
        viewer.get(where)
        for where in ("/tiles/city.roads/14/13564/7043.mvt", f"{ROADS}/tiles/WebMercatorQuad/14/7043/13564")
    )
    assert drawn(ours.content)[0]["id"] == segment.pk
    assert (ours.content, ours["ETag"]) == (theirs.content, theirs["ETag"])


def test_the_tile_set_names_its_fields_and_its_tiles(viewer: Client) -> None:
    road()
    tileset = viewer.get(f"{ROADS}/tiles/WebMercatorQuad").json()
    assert "speed_limit" in tileset["layers"][0]["propertiesSchema"]["properties"]
    assert any("{tileMatrix}/{tileRow}/{tileCol}" in link["href"] for link in tileset["links"])


def test_tilejson_describes_what_the_reader_may_see(viewer: Client) -> None:
    request_at(118.0512, 24.4567)
    found = viewer.get("/tiles/city.requests.json").json()
    assert (found["tilejson"], found["vector_layers"][0]["id"]) == ("3.0.0", "city.requests")
    assert found["tiles"] == ["http://testserver/tiles/city.requests/{z}/{x}/{y}.mvt"]
    assert found["bounds"] == pytest.approx([118.055, 24.455, 118.055, 24.455])
    assert found["vector_layers"][0]["fields"]["number"] == "String"
    assert "reporter_name" not in found["vector_layers"][0]["fields"]
