from typing import Any

import pytest
from django.test import Client

from apps.core.grades import Grade
from apps.domains.city.models import ServiceRequest
from tests.maps.builders import latest, logged_in, request_at, road
from tests.people import department, person

pytestmark = pytest.mark.django_db
ROADS, REQUESTS = "/api/v1/maps/features/city.roads/", "/api/v1/maps/features/city.requests/"


@pytest.fixture
def viewer() -> Client:
    return logged_in(person("bo", roles=["city-viewer"]))


def codes(body: dict[str, Any]) -> list[str]:
    return [feature["properties"]["code"] for feature in body["features"]]


def test_layers_say_how_to_draw_them_and_only_to_who_may_see_them(viewer: Client) -> None:
    road()
    layers = {layer["id"]: layer for layer in viewer.get("/api/v1/maps/layers/").json()}
    assert {layer["domain"] for layer in layers.values()} == {"city"}
    roads = layers["city.roads"]
    assert (roads["count"], roads["live"]["kind"], roads["live"]["unit"]) == (1, "speed", "km/h")
    assert roads["bounds"] == pytest.approx([118.05, 24.45, 118.06, 24.45])


def test_features_are_geojson_with_the_newest_reading(viewer: Client) -> None:
    _segment, stream = road()
    latest(stream, 31.5)
    answer = viewer.get(ROADS)
    (feature,) = answer.json()["features"]
    assert answer["Content-Type"] == "application/geo+json"
    assert feature["geometry"]["type"] == "LineString"
    assert feature["live"]["value"] == 31.5


def test_pages_follow_each_other_by_key(viewer: Client) -> None:
    for code in ("T1", "T2", "T3"):
        road(code)
    first = viewer.get(ROADS, {"limit": 2}).json()
    second = viewer.get(first["next"]).json()
    assert codes(first) + codes(second) == ["T1", "T2", "T3"]
    assert "next" not in second


def test_a_box_holds_what_lies_in_it(viewer: Client) -> None:
    road("T1", lon=118.05)
    road("T2", lon=118.50)
    assert codes(viewer.get(ROADS, {"bbox": "118.4,24,119,25"}).json()) == ["T2"]


def test_a_box_cannot_find_a_masked_place(viewer: Client) -> None:
    request_at(118.0512, 24.4567)
    around_truth, around_centre = "118.0511,24.4566,118.0513,24.4568", "118.0549,24.4549,118.0551,24.4551"
    assert viewer.get(REQUESTS, {"bbox": around_truth}).json()["features"] == []
    (feature,) = viewer.get(REQUESTS, {"bbox": around_centre}).json()["features"]
    assert feature["geometry"]["coordinates"] == [118.055, 24.455]


def test_the_clearance_shows_the_true_place() -> None:
    request_at(118.0512, 24.4567)
    high = logged_in(person("high", roles=["city-viewer"], clearance=Grade.L3))
    (feature,) = high.get(REQUESTS).json()["features"]
    assert feature["geometry"]["coordinates"] == [118.0512, 24.4567]


def test_a_place_is_true_for_the_department_that_deals_with_it_alone() -> None:
    own, other = request_at(118.0512, 24.4567, number="A"), request_at(118.0512, 24.4567, number="B")
    ServiceRequest.objects.filter(pk=own.pk).update(department=department())
    ServiceRequest.objects.filter(pk=other.pk).update(department=department("environment"))
    high = logged_in(person("high", roles=["city-viewer"], clearance=Grade.L3))
    places = {row["id"]: row["geometry"]["coordinates"] for row in high.get(REQUESTS).json()["features"]}
    assert places == {own.pk: [118.0512, 24.4567], other.pk: [118.055, 24.455]}
    page = high.get("/ogc/collections/city.requests/items?f=json").json()
    assert {row["id"]: row["geometry"]["coordinates"] for row in page["features"]} == places
    around = high.get(REQUESTS, {"bbox": "118.0511,24.4566,118.0513,24.4568"}).json()["features"]
    assert [row["id"] for row in around] == [own.pk]
    single = [high.get(f"{REQUESTS}{pk}/").json()["geometry"]["coordinates"] for pk in places]
    assert single == list(places.values())


def test_a_hidden_field_and_an_index_have_no_label_in_the_panel(viewer: Client) -> None:
    row = request_at(118.0512, 24.4567)
    feature = viewer.get(f"{REQUESTS}{row.pk}/").json()
    assert set(feature["titles"]) == set(feature["properties"])
    assert not [name for name in (*feature["titles"], *feature["masked"]) if name.endswith("_index")]


def test_the_bounds_of_a_masked_layer_are_those_of_its_cells(viewer: Client) -> None:
    request_at(118.0512, 24.4567)
    layers = {layer["id"]: layer for layer in viewer.get("/api/v1/maps/layers/").json()}
    assert layers["city.requests"]["bounds"] == pytest.approx([118.055, 24.455, 118.055, 24.455])


def test_one_feature_says_what_is_masked_and_why(viewer: Client) -> None:
    row = request_at(118.0512, 24.4567)
    feature = viewer.get(f"{REQUESTS}{row.pk}/").json()
    assert feature["masked"]["reporter_name"] == "clearance"
    assert feature["properties"]["reporter_name"] == "王**"
    assert feature["geometry"]["coordinates"] == [118.055, 24.455]


def test_one_feature_lists_its_datastreams(viewer: Client) -> None:
    segment, stream = road()
    latest(stream, 31.5)
    (found,) = viewer.get(f"{ROADS}{segment.pk}/").json()["datastreams"]
    assert (found["id"], found["latest"]["value"]) == (stream.pk, 31.5)


def test_a_clearance_below_the_grade_of_readings_sees_none() -> None:
    segment, stream = road()
    latest(stream, 31.5)
    low = logged_in(person("low", roles=["city-viewer"], clearance=Grade.L1))
    assert low.get(ROADS).json()["features"][0]["live"] is None
    assert low.get(f"{ROADS}{segment.pk}/").json()["datastreams"][0]["latest"] is None


def test_features_of_another_division_are_absent() -> None:
    segment, _stream = road("T1", division="359902")
    road("T2", division="359903")
    limited = logged_in(person("ana", roles=["city-viewer"], division_code="359903"))
    assert codes(limited.get(ROADS).json()) == ["T2"]
    assert limited.get(f"{ROADS}{segment.pk}/").status_code == 404


def test_a_period_holds_the_features_read_in_it(viewer: Client) -> None:
    for code in ("T1", "T2"):
        _segment, stream = road(code)
        if code == "T1":
            latest(stream, 31.5)
    assert codes(viewer.get(ROADS, {"time": "2026-03-02T00:00:00Z/.."}).json()) == ["T1"]
    assert codes(viewer.get(ROADS, {"time": "2026-03-03T00:00:00Z/.."}).json()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bbox", "1,2,3"),
        ("bbox", "200,24,201,25"),
        ("bbox", "nan,nan,nan,nan"),
        ("bbox", "1e400,24,119,25"),
        ("bbox", "119,24,118,25"),
        ("limit", "0"),
        ("limit", "²"),
        ("limit", "9" * 5000),
        ("cursor", "-1"),
        ("time", "yesterday"),
        ("time", "2026-03-02T00:00:00/.."),
        ("time", "2026-13-02T00:00:00Z/.."),
        ("time", "2026-03-03T00:00:00Z/2026-03-02T00:00:00Z"),
    ],
)
def test_a_bad_parameter_is_named(viewer: Client, name: str, value: str) -> None:
    answer = viewer.get(ROADS, {name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name


def test_a_still_layer_has_no_time_to_filter_by(viewer: Client) -> None:
    answer = viewer.get(REQUESTS, {"time": "2026-03-02T00:00:00Z/.."})
    assert answer.json()["errors"][0]["field"] == "time"
