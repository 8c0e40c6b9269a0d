"""What was imported from a file is of the past: never live, never missed, and no road of the city."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.gis.geos import Polygon
from django.test import Client
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.alerts.models import Alarm, AlarmState, Condition
from apps.alerts.services import rules_evaluate
from apps.domains.city.models import RoadClass, RoadSegment
from apps.domains.city.selectors import segments_within
from apps.domains.city.services.importing import series_import
from apps.live.selectors import directory_load
from apps.portal.selectors.streams import PAST, age_state, streams_broken
from apps.sensing.models import Datastream
from apps.sensing.selectors import datastreams_live, feeds_broken
from tests.alerts.builders import reads, rule, stream
from tests.city.builders import EVERYBODY, source
from tests.maps.builders import logged_in
from tests.people import department, person

pytestmark = pytest.mark.django_db
WORLD = Polygon.from_bbox((-180, -90, 180, 90))
LAYERS, FEATURES = "/api/v1/maps/layers/", "/api/v1/maps/features/"


@pytest.fixture(autouse=True)
def imported(tmp_path: Path) -> None:
    """Three sensors of a file."""
    department()
    series_import(source(tmp_path))


def ids(browser: Client, layer: str) -> list[int]:
    return [feature["id"] for feature in browser.get(f"{FEATURES}{layer}/").json()["features"]]


def test_a_sensor_of_a_file_is_a_detector_and_no_road_to_drive_on() -> None:
    assert set(RoadSegment.objects.values_list("road_class", flat=True)) == {RoadClass.DETECTOR}
    assert not segments_within(WORLD, viewer=EVERYBODY).exists()


def test_the_live_layer_has_no_imported_sensor_and_their_own_layer_is_off_at_first() -> None:
    browser = logged_in(person("bo", roles=["city-viewer"]))
    layers = {layer["id"]: layer for layer in browser.get(LAYERS).json()}
    assert (layers["city.roads"]["count"], layers["city.roads"]["bounds"]) == (0, None)
    detectors = layers["city.detectors"]
    assert (detectors["count"], detectors["live"], detectors["shown"]) == (3, None, False)
    assert (ids(browser, "city.roads"), len(ids(browser, "city.detectors"))) == ([], 3)
    feature = browser.get(f"{FEATURES}city.detectors/{ids(browser, 'city.detectors')[0]}/").json()
    assert [one["historical"] for one in feature["datastreams"]] == [True]


def test_the_live_feed_and_the_usual_training_leave_them_out() -> None:
    assert directory_load().targets == {}
    assert not datastreams_live(domain="city", kind="speed").exists()
    assert Datastream.objects.filter(historical=True).count() == 3


def test_they_are_no_broken_feeds_and_say_what_they_are() -> None:
    viewer = viewer_for(person("bo", roles=["city-viewer"]))
    assert feeds_broken(viewer=viewer) == []
    assert not streams_broken(viewer).exists()
    now = timezone.now()
    assert {age_state(one, now=now) for one in Datastream.objects.select_related("latest")} == {PAST}


@pytest.mark.parametrize(
    "values",
    [
        {"condition": Condition.MISSING, "span": 60},
        {"condition": Condition.THRESHOLD, "level": 0},
        {"condition": Condition.QUALITY, "level": 0, "span": 3600},
    ],
)
def test_no_rule_watches_them(values: dict[str, object]) -> None:
    rule(**values)
    for minutes in (0, 30, 60):
        rules_evaluate(now=timezone.now() + timedelta(minutes=minutes))
    assert not Alarm.objects.exists()


def test_an_alarm_ends_when_its_series_turns_out_to_be_of_the_past() -> None:
    series = stream("LIVE")
    rule()
    reads(series, 99)
    rules_evaluate(now=timezone.now())
    alarm = Alarm.objects.get()
    Datastream.objects.filter(pk=series.pk).update(historical=True)
    rules_evaluate(now=timezone.now())
    alarm.refresh_from_db()
    assert alarm.state == AlarmState.RETURNED


def test_who_handles_the_domain_can_make_a_series_live_again() -> None:
    one = Datastream.objects.first()
    assert one is not None
    browser = logged_in(person("ha", roles=["city-operator"]))
    address = f"/portal/sensing/datastream/{one.pk}/change/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"plausible_from_0": "", "plausible_from_1": ""}).status_code == 302
    one.refresh_from_db()
    assert not one.historical
