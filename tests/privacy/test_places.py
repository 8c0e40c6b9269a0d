"""A district officer gets the rows of the own district, at every exit, also when districts are merged."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.data import Viewer, acting_as
from apps.accounts.models import Division, User
from apps.accounts.selectors import areas_now, division_now, viewer_for
from apps.accounts.services import access_grant_give
from apps.alerts.models import Alarm
from apps.alerts.services import rule_trial, rules_evaluate
from apps.catalogue.models import AccessRequest, Dataset
from apps.catalogue.selectors.tokens import narrowed
from apps.core.divisions import NOWHERE
from apps.core.errors import ProblemError
from apps.domains.city.models import RoadSegment, ServiceRequest
from apps.live.selectors import directory_load
from apps.privacy.services import decide, visible_rows
from tests.alerts.builders import NOON, rule
from tests.catalogue.builders import asked, entry
from tests.catalogue.builders import viewer as somebody
from tests.maps.builders import latest, logged_in, request_at, road
from tests.people import division, person

pytestmark = pytest.mark.django_db
INPUT = Path(__file__).resolve().parents[2].parent / "shared/data/field_inputs/26_divisions.csv"
PLACES = (
    *("330110", "330111", "330112", "330113", "330114", "331000", "331002", "331102", "500000", "500101"),
    *("510104", "359910", "359911", "131002", "131102", "310110", "310112", "310118", "330110001"),
)
SEES = {
    "330110": {"330110", "330110001"},
    "331000": {"331000", "331002"},
    "500000": {"500000", "500101"},
    "359910": {"359910"},
    "131000": {"131002"},
    "310110": {"310110"},
    "330100": {"330110", "330111", "330112", "330113", "330114", "330110001"},
}


@pytest.fixture
def rows() -> None:
    for place in PLACES:
        _segment, stream = road(f"R{place}", division=place)
        latest(stream, 90)
        request_at(118.05, 24.45, number=f"N{place}", division=place)


def places_in(queryset: Any) -> set[str]:
    return set(queryset.values_list("division", flat=True))


def test_the_file_from_the_field_says_the_same() -> None:
    if not INPUT.exists():
        pytest.skip("the shared data is not here; its codes are among PLACES")
    with INPUT.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            words = row["note"].split()
            if words[0] == "must" and words[-1] in SEES:
                assert (row["code"] in SEES[words[-1]]) == ("seen" in words)


def test_an_officer_sees_the_own_division_and_nothing_beside_it(rows: None) -> None:
    for code in SEES:
        check_officer(code)


def check_officer(code: str) -> None:
    user = person(f"officer{code}", roles=["city-viewer"], division_code=code)
    viewer, browser = viewer_for(user), logged_in(user)
    for model in (RoadSegment, ServiceRequest):
        assert places_in(visible_rows(viewer, model.objects.all())) == SEES[code]
    with acting_as(viewer), connection.cursor() as cursor:  # row security, without the kernel
        cursor.execute("SELECT division FROM city_servicerequest")
        assert {row[0] for row in cursor.fetchall()} == SEES[code]
    listed = browser.get("/api/v1/city/roads/?limit=100").json()["results"]
    assert {row["division"] for row in listed} == SEES[code]
    drawn = browser.get("/ogc/collections/city.roads/items?f=json&limit=100").json()["features"]
    assert {row["properties"]["code"] for row in drawn} == {f"R{place}" for place in SEES[code]}
    live = directory_load().readings(layer="city.roads", division=viewer.division, former=viewer.former)
    assert set(live) == set(RoadSegment.objects.filter(division__in=SEES[code]).values_list("pk", flat=True))
    for place in PLACES:
        shown = decide(viewer, "city.RoadSegment", "name", place=place).is_shown
        assert shown == (place in SEES[code]), place


def test_a_rule_for_an_area_watches_it_and_nothing_beside_it(rows: None) -> None:
    rules = {code: rule(name=code, area=code) for code in SEES}
    wide = viewer_for(person("wide", roles=["city-viewer"]))
    narrow = viewer_for(person("narrow", roles=["city-viewer"], division_code="330110"))
    rules_evaluate(now=NOON + timedelta(seconds=1))
    for code, watching in rules.items():
        assert places_in(Alarm.objects.filter(rule=watching, is_group=False)) == SEES[code]
        assert rule_trial(watching, viewer=wide, until=NOON).streams == len(SEES[code])
        mine = [place for place in SEES[code] if place in SEES["330110"]]
        assert rule_trial(watching, viewer=narrow, until=NOON).streams == len(mine)


def test_a_grant_and_a_token_for_a_place_open_that_place(rows: None) -> None:
    by, owner = (
        person("approver", roles=["city-approver"]),
        viewer_for(person("owner", roles=["city-viewer"])),
    )
    for code in SEES:
        check_grant(code, by, owner)


def check_grant(code: str, by: User, owner: Viewer) -> None:
    user = person(f"granted{code}")
    until = timezone.now() + timedelta(days=1)
    access_grant_give(
        user, object_type="city.RoadSegment", purpose="planning", basis="t:1", by=by, until=until, place=code
    )
    viewer = replace(viewer_for(user), purpose="planning")
    assert places_in(visible_rows(viewer, RoadSegment.objects.all())) == SEES[code]
    request = AccessRequest(dataset=Dataset(domain="city", object_type="city.RoadSegment"), place=code)
    request.purpose = "planning"
    assert places_in(visible_rows(narrowed(owner, [request]), RoadSegment.objects.all())) == SEES[code]


@pytest.mark.parametrize(
    ("own", "granted", "expected"),
    [
        ("330100", "330110", "330110"),
        ("330110", "330100", "330110"),
        ("", "330110", "330110"),
        ("330110", "", "330110"),
        ("330110", "330111", NOWHERE),
        ("330110", "33011", NOWHERE),
    ],
)
def test_a_token_holds_what_lies_in_both_places(own: str, granted: str, expected: str) -> None:
    request = AccessRequest(dataset=Dataset(domain="city", object_type="city.RoadSegment"), place=granted)
    assert narrowed(Viewer(division=own), [request]).division == expected


def merged(code: str, successor: str, *, ended: date | None = None) -> Division:
    """``code`` ended yesterday and belongs to ``successor`` since."""
    row = division(code)
    row.valid_to, row.successor = ended or timezone.localdate(), division(successor)
    row.save()
    return row


def test_an_officer_of_an_ended_division_sees_its_successor_and_the_old_rows(rows: None) -> None:
    user = person("officer", roles=["city-viewer"], division_code="330112")
    merged("330112", "330113")
    merged("330113", "330114")
    user = User.objects.get(pk=user.pk)
    viewer, expected = viewer_for(user), {"330112", "330113", "330114"}
    assert viewer.division == "330114"
    assert places_in(visible_rows(viewer, ServiceRequest.objects.all())) == expected
    with acting_as(viewer), connection.cursor() as cursor:
        cursor.execute("SELECT division FROM city_servicerequest")
        assert {row[0] for row in cursor.fetchall()} == expected
    found = directory_load().readings(layer="city.roads", division=viewer.division, former=viewer.former)
    assert len(found) == len(expected)
    listed = logged_in(user).get("/api/v1/city/roads/?limit=100").json()["results"]
    assert {row["division"] for row in listed} == expected


def test_an_area_and_a_grant_of_an_ended_division_follow_too(rows: None) -> None:
    merged("310112", "310118")
    rule(area="310112")
    rules_evaluate(now=NOON + timedelta(seconds=1))
    assert set(Alarm.objects.values_list("division", flat=True)) == {"310112", "310118"}
    user, by = person("granted"), person("approver", roles=["city-approver"])
    until, kind = timezone.now() + timedelta(days=1), "city.RoadSegment"
    access_grant_give(
        user, object_type=kind, purpose="planning", basis="t:1", by=by, until=until, place="310112"
    )
    viewer = replace(viewer_for(user), purpose="planning")
    assert places_in(visible_rows(viewer, RoadSegment.objects.all())) == {"310112", "310118"}


def test_what_ends_tomorrow_or_is_in_force_again_stands_for_itself() -> None:
    merged("330112", "330113", ended=timezone.localdate() + timedelta(days=1))
    assert division_now("330112") == ("330112", frozenset())
    again = merged("330110", "330114")
    Division.objects.create(code="330110", valid_from=again.valid_to, name_zh="余杭区")
    assert division_now("330110")[0] == "330110"
    user = person("officer", roles=["city-viewer"], division_code="330110")
    assert viewer_for(User.objects.get(pk=user.pk)).division == "330114"  # the district that was meant
    assert areas_now(["330110"]) == {"330110": ("330110",)}


def test_the_place_of_a_request_must_be_a_code() -> None:
    with pytest.raises(ProblemError) as refused:
        asked(somebody("anna", "city-viewer"), entry(), place="33011")
    assert refused.value.field == "place"
