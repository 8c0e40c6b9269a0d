from math import asinh, pi, radians, tan

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.core.grades import Grade
from apps.domains.city.models import ServiceRequest
from apps.maps.selectors.places import tile_degrees
from tests.maps.builders import drawn, logged_in, request_at, road
from tests.people import person

pytestmark = pytest.mark.django_db
LON, LAT = 118.0512, 24.4567  # in the grid cell whose centre is 118.055, 24.455


def address(layer: str, zoom: int, lon: float = LON, lat: float = LAT) -> str:
    count = 1 << zoom
    x, y = int((lon + 180) / 360 * count), int((1 - asinh(tan(radians(lat))) / pi) / 2 * count)
    return f"/tiles/{layer}/{zoom}/{x}/{y}.mvt"


def test_a_tile_carries_the_clear_properties_and_the_key_of_the_row() -> None:
    segment, _stream = road()
    browser = logged_in(person("bo", roles=["city-viewer"]))
    (feature,) = drawn(browser.get(address("city.roads", 14, 118.055, 24.45)).content)
    assert feature["id"] == segment.pk
    assert feature["properties"]["road_class"] == "local"
    assert "thing_id" not in feature["properties"]


def test_a_cached_tile_never_reaches_another_policy_class() -> None:
    request_at(LON, LAT)
    low = logged_in(person("low", roles=["city-viewer"]))
    high = logged_in(person("high", roles=["city-viewer"], clearance=Grade.L3))
    where = address("city.requests", 16)
    clear = high.get(where)
    coarse = low.get(where)
    assert len(drawn(clear.content)) == 1
    assert drawn(coarse.content) == []  # the centre of its cell lies in another tile
    assert clear["ETag"] != coarse["ETag"]
    assert high.get(where).content == clear.content


@pytest.mark.parametrize("zoom", [10, 14, 18, 20])
def test_a_masked_place_shows_at_the_centre_of_its_cell_at_every_zoom(zoom: int) -> None:
    request_at(LON, LAT)
    low = logged_in(person("low", roles=["city-viewer"]))
    assert len(drawn(low.get(address("city.requests", zoom, 118.055, 24.455)).content)) == 1


def test_the_place_of_another_division_is_not_drawn() -> None:
    road("T1", division="359902")
    road("T2", division="359903")
    browser = logged_in(person("bo", roles=["city-viewer"], division_code="359903"))
    found = drawn(browser.get(address("city.roads", 14, 118.055, 24.45)).content)
    assert [feature["properties"]["code"] for feature in found] == ["T2"]


def test_a_browser_that_has_the_tile_gets_304_until_a_row_changes(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    segment, _stream = road()
    browser, where = logged_in(person("bo", roles=["city-viewer"])), address("city.roads", 14, 118.055, 24.45)
    tag = browser.get(where)["ETag"]
    again = browser.get(where, headers={"If-None-Match": f"W/{tag}"})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again["Cache-Control"]
    with django_capture_on_commit_callbacks(execute=True):
        segment.name = "renamed"
        segment.save()
    assert browser.get(where, headers={"If-None-Match": tag}).status_code == 200


def test_nothing_there_is_an_empty_answer() -> None:
    assert (
        logged_in(person("bo", roles=["city-viewer"])).get("/tiles/city.roads/3/0/0.mvt").status_code == 204
    )


@pytest.mark.parametrize(
    "where", ["city.roads/3/9/0", "city.roads/23/0/0", "city.none/1/0/0", f"city.roads/{'9' * 30}/0/0"]
)
def test_a_tile_that_does_not_exist_is_a_problem_not_a_fault(where: str) -> None:
    answer = logged_in(person("bo", roles=["city-viewer"])).get(f"/tiles/{where}.mvt")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_stranger_gets_no_tile() -> None:
    road()
    farmer = logged_in(person("fa", roles=["farm-viewer"]))
    assert farmer.get(address("city.roads", 14)).status_code == 404


def test_many_points_become_counts_at_low_zoom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.maps.selectors.tiles.CLUSTER_ABOVE", 2)
    for number in range(4):
        request_at(LON, LAT, number=f"T-{number}")
    high = logged_in(person("high", roles=["city-viewer"], clearance=Grade.L3))
    (cluster,) = drawn(high.get(address("city.requests", 9)).content)
    assert cluster["properties"] == {"count": 4}


def test_every_layer_has_an_index_for_its_tiles() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, ServiceRequest._meta.db_table)
    assert any(item["columns"] == ["geometry_3857"] and item["index"] for item in found.values())


def test_a_tile_s_square_in_degrees_is_where_mercator_puts_it() -> None:
    west, south, east, north = tile_degrees(1, 1, 0).extent
    assert (west, east, round(south, 9)) == (0, 180, 0)
    assert north == pytest.approx(85.051129)
