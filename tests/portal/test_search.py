"""Ctrl+K: what it finds, and what it must not tell."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from apps.core.grades import Grade
from apps.domains.city.models import AirStation, RoadSegment
from tests.city.builders import service_request, site, street_grid
from tests.people import person
from tests.portal.builders import logged_in, stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> None:
    street_grid(2)
    RoadSegment.objects.filter(code="G001").update(name="中山路", name_en="Zhongshan Road")
    site("S001", 1, 0)
    AirStation.objects.create(code="A7", name="湖滨站", geometry=Point(118, 24, srid=4326))
    service_request("T-77")
    stream("R9")


def viewer(**rights: Any) -> Client:
    return logged_in(person("viewer", roles=["city-viewer"], **rights))


def found(client: Client, term: str) -> str:
    return client.get("/portal/search/", {"s": term}, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("term", "link"),
    [
        ("中山", "/map/#select=city.roads/"),
        ("zhongshan", "/map/#select=city.roads/"),
        ("Ｚｈｏｎｇｓｈａｎ road", "/map/#select=city.roads/"),
        ("S001", "/map/#select=city.sites/"),
        ("湖滨", "/map/#select=city.air/"),
        ("T-77", "/portal/city/servicerequest/"),
        ("R9", "/portal/datastreams/"),
        ("plans", "/portal/plans/"),
        ("live map", "/map/"),
    ],
)
def test_the_palette_finds_what_people_look_for(town: None, term: str, link: str) -> None:
    assert f'href="{link}' in found(viewer(), term)


def test_a_page_is_found_by_its_title_in_the_other_language(town: None) -> None:
    assert 'href="/portal/plans/"' in found(viewer(), "计划")


def test_every_word_must_be_found(town: None) -> None:
    assert "select=city.roads" not in found(viewer(), "zhongshan lane")


@pytest.mark.parametrize("term", ["王小明", "10012345678", "大坑", "88号"])
def test_nothing_is_found_by_what_is_masked(town: None, term: str) -> None:
    page = found(viewer(), term)
    assert "T-77" not in page
    assert page.replace(term, "") == found(viewer_again(), "nothing at all").replace("nothing at all", "")


def viewer_again() -> Client:
    return logged_in(person("again", roles=["city-viewer"]))


def test_somebody_without_a_role_or_of_another_domain_finds_nothing(town: None) -> None:
    for roles in ([], ["farm-viewer"]):
        client = logged_in(person(f"outsider{len(roles)}", roles=roles))
        for term in ("S001", "T-77", "R9"):
            assert f"{term})" not in found(client, term)
            assert "select=city" not in found(client, term)


def test_a_viewer_of_internal_things_cleared_for_public_ones_only_finds_no_site(town: None) -> None:
    page = found(viewer(clearance=Grade.L1), "S001")
    assert "select=city.sites" not in page


def test_a_request_of_another_division_is_not_found(town: None) -> None:
    request = service_request("T-88")
    request.division = "359901"
    request.save()
    assert "T-88" not in found(viewer(division_code="359902"), "T-88")


@pytest.mark.parametrize("term", ["", "   ", "%", "_", "\\", "'", "x" * 5000, "a " * 500])
def test_odd_terms_are_answered(town: None, term: str) -> None:
    assert viewer().get("/portal/search/", {"s": term}).status_code == 200
