"""Charts where people look: curves between limits, many forecasts ahead, districts, errors by hour."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from django.utils import timezone

from apps.alerts.models import Alarm, AlertRule
from apps.core.grades import Grade
from apps.domains.city.models import District
from apps.sensing.models import Datastream, RollupHour, Thing
from apps.training.models import Forecast
from tests.city.builders import service_request
from tests.people import person
from tests.portal import builders

pytestmark = [pytest.mark.django_db, pytest.mark.calendar]
HOUR = timedelta(hours=1)


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def read(series: Datastream, kmh: float, *, begins: datetime) -> None:
    RollupHour.objects.create(
        datastream=series, bucket=begins, count=2, total=2 * kmh, lowest=kmh - 1, highest=kmh + 1
    )


def rule(level: float = 15, **others: Any) -> AlertRule:
    given = {
        "domain": "city",
        "name": f"slow {level}",
        "kind": "speed",
        "condition": "threshold",
        "side": "below",
    }
    return AlertRule.objects.create(level=level, **{**given, **others})


def ahead(series: Datastream, value: float, *, at: datetime) -> None:
    """A fresh forecast of the promoted recipe for a moment to come."""
    row = builders.forecast(series, value=value) if not Forecast.objects.exists() else Forecast.objects.get()
    now = timezone.now()
    Forecast.objects.filter(pk=row.pk).update(
        target_time=at,
        data_until=now,
        made_at=now,
        actual=None,
        value=value,
        low80=value - 5,
        high80=value + 5,
    )


def client(role: str = "city-viewer", **rights: Any) -> Client:
    return builders.logged_in(person(role, roles=[role], **rights))


def shown(who: Client, path: str) -> str:
    answer = who.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def data(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_a_series_is_drawn_between_its_own_limits_and_told_as_a_table() -> None:
    series = builders.stream()
    rule(15)
    rule(16, active=False)
    rule(17, kind="pm25")
    rule(18, area="359999")
    read(series, 41.5, begins=this_hour() - HOUR)
    page = shown(client(), f"/portal/datastreams/{series.pk}/")
    assert data(page, "drawn")["limits"] == [{"value": 15, "title": "slow 15: below 15 km/h"}]
    assert "41.5" in page
    assert "The same as a table" in page


@pytest.mark.parametrize(("span", "bucket"), [("day", "minute"), ("week", "hour"), ("month", "hour")])
def test_the_time_shown_is_chosen_in_the_address(span: str, bucket: str) -> None:
    page = shown(client(), f"/portal/datastreams/{builders.stream().pk}/?span={span}")
    assert f'data-bucket="{bucket}"' in page


def test_a_time_that_no_chart_shows_is_refused_by_name() -> None:
    answer = client().get(f"/portal/datastreams/{builders.stream().pk}/?span=x")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "span")


def test_an_alarm_shows_the_readings_around_it_and_when_it_was_raised() -> None:
    series, now = builders.stream(), timezone.now()
    raised = Alarm.objects.create(
        rule=rule(), datastream=series, domain="city", priority=2, value=9,
        since=now - 3 * HOUR, raised_at=now - 2 * HOUR, last_raised_at=now - 2 * HOUR,
    )  # fmt: skip
    drawn = data(shown(client(), f"/portal/alarms/{raised.pk}/"), "drawn")
    assert [limit["value"] for limit in drawn["limits"]] == [15]
    assert [mark["title"] for mark in drawn["marks"]] == ["began", "raised"]


def test_many_roads_at_one_moment_stand_in_the_order_of_their_slowness() -> None:
    slow, quick = builders.stream("R1"), builders.stream("R2")
    at = this_hour() + HOUR
    for back in range(1, 22):
        for series, kmh in ((slow, 40), (quick, 60)):
            read(series, kmh, begins=at - timedelta(days=back))
    ahead(slow, 20, at=at)
    page = shown(client(), f"/portal/forecasts/outlook/?at={at:%Y-%m-%dT%H:%M}%2B00:00")
    assert page.index("Road R1") < page.index("Road R2")
    assert "50 % ▼" in page
    assert "15.0 – 25.0" in page  # the band stands beside the value
    assert "Made at" in page
    assert "no forecast" in page  # R2 has its usual value only


def test_beyond_every_forecast_the_usual_value_is_named_as_such() -> None:
    series, at = builders.stream("R1"), this_hour() + 20 * HOUR
    for back in range(1, 22):
        read(series, 40, begins=at - timedelta(days=back))
    page = shown(client(), f"/portal/forecasts/outlook/?at={at:%Y-%m-%dT%H:%M}%2B00:00")
    assert "No forecast reaches this moment" in page
    assert "40.0" in page


@pytest.mark.parametrize("query", ["at=2026-02-30T10:00", "at=x", "recipe=city.nothing", "order=x", "at=%00"])
def test_an_odd_question_gets_the_first_moment_or_a_clear_answer(query: str) -> None:
    assert client().get(f"/portal/forecasts/outlook/?{query}").status_code in {200, 400}


def test_somebody_cleared_for_public_things_only_sees_no_series() -> None:
    series = builders.stream("R1")
    read(series, 40, begins=this_hour() - HOUR)
    page = shown(client(clearance=Grade.L1), "/portal/forecasts/outlook/")
    assert "Road R1" not in page


def district(code: str, name: str) -> District:
    area = MultiPolygon(Polygon.from_bbox((118, 24, 119, 25)), srid=4326)
    return District.objects.create(code=code, name=name, geometry=area)


def test_each_district_has_the_means_of_its_own_series_and_its_open_requests() -> None:
    district("359901", "North")
    district("359902", "South")
    for code, kmh, place in (("R1", 30, "359901"), ("R2", 50, "359901001"), ("R3", 70, "359902")):
        series = builders.stream(code)
        Thing.objects.filter(pk=series.thing_id).update(division=place)
        read(series, kmh, begins=this_hour() - HOUR)
    request = service_request()
    request.division = "359902"
    request.save()
    answer = client().get("/portal/districts/")
    lines = {one.name: (figures[0][1].mean, one.requests) for one, figures in answer.context["lines"]}
    assert lines == {"North": (40, 0), "South": (70, 1)}
    assert answer.context["curves"]["lines"][0]["values"] == [40]


def test_a_clerk_of_one_district_is_told_no_part_of_anothers_numbers() -> None:
    district("359901", "North")
    district("359902", "South")
    request = service_request()
    request.division = "359902"
    request.save()
    answer = client(division_code="359901").get("/portal/districts/")
    counts = {one.name: one.requests for one, _figures in answer.context["lines"]}
    assert counts["North"] == 0
    assert counts.get("South") is None


def test_requests_are_counted_only_for_who_may_list_them() -> None:
    district("359901", "North")
    answer = client(clearance=Grade.L1).get("/portal/districts/")
    assert {one.requests for one, _figures in answer.context["lines"]} <= {None}


def test_a_domain_without_districts_says_so() -> None:
    assert "no districts" in shown(client("farm-viewer"), "/portal/districts/")


def test_a_model_tells_its_errors_by_hour_beside_the_baseline() -> None:
    row = builders.forecast(builders.stream(), value=50, actual=53, naive=52)
    page = shown(client(), f"/portal/models/{row.model_version_id}/")
    hour = timezone.localtime(row.target_time, timezone.get_default_timezone()).hour
    assert data(page, "hours") == [
        {"hour": hour, "count": 1, "error": 3.0, "naive_error": 1.0, "coverage80": 1.0}
    ]
    assert f"{hour:02d}:00" in page
