"""What live values are compared with: a baseline of quiet hours, and the usual at this hour of such a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.core.domains import layers_by_id
from apps.core.grades import Grade
from apps.maps.selectors import layer_comparisons, layer_view
from apps.sensing.models import Datastream, RollupHour
from apps.sensing.selectors import baseline_values, usual_values
from tests.maps.builders import logged_in, road
from tests.people import department, person

pytestmark = pytest.mark.django_db
HAICHENG = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 8, 20, tzinfo=HAICHENG)
FREE_FLOW = layers_by_id()["city.roads"][1].baseline
assert FREE_FLOW is not None


def hour(stream: Datastream, day: date, clock: int, mean: float) -> None:
    """One hour of twelve readings with this mean, by the city's clock."""
    bucket = datetime.combine(day, time(clock), HAICHENG)
    sums = {"count": 12, "total": 12 * mean, "lowest": mean, "highest": mean}
    RollupHour.objects.create(datastream=stream, bucket=bucket, **sums)


def days_back(*numbers: int) -> list[date]:
    return [MONDAY.date() - timedelta(days=back) for back in numbers]


def test_usual_is_the_median_of_this_hour_on_such_days() -> None:
    _segment, stream = road()
    for day, mean in zip(days_back(3, 4, 7, 5), (30, 34, 50, 99), strict=True):
        hour(stream, day, 8, mean)
    hour(stream, days_back(1)[0], 8, 5)  # a Sunday
    hour(stream, days_back(2)[0], 8, 5)  # a Saturday
    hour(stream, days_back(6)[0], 9, 5)  # another hour
    assert usual_values([stream.pk], at=MONDAY) == {stream.pk: 42}
    hour(stream, days_back(8)[0], 8, 5)  # the Sunday before
    sunday = MONDAY - timedelta(days=1)
    assert usual_values([stream.pk], at=sunday) == {}, "two weekend days are no usual"


def test_two_days_are_not_usual_and_hours_without_readings_do_not_count() -> None:
    _segment, stream = road()
    for day in days_back(3, 4):
        hour(stream, day, 8, 40)
    RollupHour.objects.create(
        datastream=stream, bucket=datetime.combine(days_back(5)[0], time(8), HAICHENG), count=0, total=0
    )
    assert usual_values([stream.pk], at=MONDAY) == {}


def test_free_flow_is_the_85th_percentile_of_the_nights() -> None:
    _segment, stream = road()
    for mean, clock in enumerate((22, 23, 0, 1, 2, 3, 4), start=40):
        hour(stream, days_back(2)[0], clock, mean)
    for clock in (5, 12, 21):
        hour(stream, days_back(2)[0], clock, 120)
    found = baseline_values([stream.pk], baseline=FREE_FLOW, at=MONDAY)
    assert found[stream.pk] == pytest.approx(45.1)  # 40..46: the value at 0.85 of the way


def test_the_nights_are_those_of_the_city_however_utc_counts() -> None:
    assert settings.TIME_ZONE == "Asia/Shanghai"
    _segment, stream = road()
    for clock in range(7):
        bucket = datetime.combine(days_back(2)[0], time(14 + clock), UTC)  # 22:00 to 04:00 in Haicheng
        RollupHour.objects.create(datastream=stream, bucket=bucket, count=1, total=44)
    assert baseline_values([stream.pk], baseline=FREE_FLOW, at=MONDAY) == {stream.pk: 44}


def test_free_flow_is_never_above_the_limit_which_also_stands_in_for_it() -> None:
    quick, stream = road("T1")
    new, _none = road("T2")
    for clock in (22, 23, 0, 1, 2, 3, 4):
        hour(stream, days_back(1)[0], clock, 60)
    view = layer_view("city.roads", viewer_for(person("bo", roles=["city-viewer"])))
    assert layer_comparisons(view, at=MONDAY) == {quick.pk: (45, None), new.pk: (45, None)}


def test_a_road_without_any_limit_is_not_judged() -> None:
    segment, _stream = road()
    type(segment).objects.update(speed_limit=0)
    view = layer_view("city.roads", viewer_for(person("bo", roles=["city-viewer"])))
    assert layer_comparisons(view, at=MONDAY) == {segment.pk: (None, None)}
    browser = logged_in(person("ana", roles=["city-viewer"]))
    assert browser.get("/api/v1/maps/comparisons/city.roads/").json()["values"] == {}


def test_comparisons_are_of_the_rows_that_somebody_may_see() -> None:
    road("T1", division="359902")
    other, _stream = road("T2", division="359903")
    limited = logged_in(person("ana", roles=["city-viewer"], division_code="359903"))
    assert list(limited.get("/api/v1/maps/comparisons/city.roads/").json()["values"]) == [str(other.pk)]


def test_who_sees_no_readings_gets_no_means_of_them() -> None:
    road()
    department()
    below = logged_in(person("lo", roles=["city-viewer"], clearance=Grade.L1))
    assert below.get("/api/v1/maps/comparisons/city.roads/").json()["values"] == {}
    farmer = logged_in(person("fa", roles=["farm-viewer"]))
    assert farmer.get("/api/v1/maps/comparisons/city.roads/").status_code == 404
    assert Client().get("/api/v1/maps/comparisons/city.roads/").status_code in {401, 403}


def test_a_layer_of_absolute_values_has_a_usual_and_no_baseline() -> None:
    viewer = logged_in(person("bo", roles=["city-viewer"]))
    layers = {layer["id"]: layer for layer in viewer.get("/api/v1/maps/layers/").json()}
    assert layers["city.air"]["live"]["baseline"] == ""
    assert layers["city.roads"]["live"]["baseline"] == "Free flow"
    assert [step["start"] for step in layers["city.roads"]["live"]["steps"]] == [0, 30, 40, 50, 70]
    body = viewer.get("/api/v1/maps/comparisons/city.air/").json()
    assert body["values"] == {}
    assert datetime.fromisoformat(body["hour"]) <= timezone.now()
