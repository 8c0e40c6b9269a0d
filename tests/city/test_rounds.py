"""Rounds of a chosen day, from a chosen start, to chosen places, at the speeds of their hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core.domains import problems_by_id
from apps.core.errors import ProblemError
from apps.domains.city.models import RoadSegment
from apps.domains.city.problems import inspection_rounds
from apps.sensing.models import Datastream, LatestValue, RollupHour
from apps.training.models import Forecast, Run
from apps.training.services import forecasts_ahead
from tests.city.builders import EVERYBODY, NOON, service_request, site, street_grid
from tests.portal import builders

pytestmark = pytest.mark.django_db
DEFAULTS = {item.key: item.default for item in problems_by_id()["city.inspection_rounds"][1].parameters}
TOMORROW = "2026-03-03"  # a Tuesday
HOUR = timedelta(hours=1)


@pytest.fixture
def town(db: None) -> None:
    street_grid()
    site("depot", 0, 0, category="depot")
    site("near", 1, 0)
    site("far", 3, 3)


@pytest.fixture
def street(town: None) -> Datastream:
    """The series of the first block between the depot and ``near``."""
    series = builders.stream()
    RoadSegment.objects.filter(code="G001").update(thing=series.thing)
    RoadSegment.objects.filter(code="G011").delete()
    return series


def built(now: datetime = NOON, **parameters: Any) -> Any:
    return inspection_rounds(parameters={**DEFAULTS, **parameters}, viewer=EVERYBODY, now=now)


def usual(series: Datastream, kmh: float, *, hour: int, days: int = 5) -> None:
    """``kmh`` at that local hour of the working days before the Monday of ``NOON``."""
    for back in range(3, 3 + days):  # Friday and before
        bucket = datetime(2026, 3, 2, hour, tzinfo=UTC) - timedelta(days=back, hours=8)
        RollupHour.objects.create(
            datastream=series, bucket=bucket, count=4, total=4 * kmh, lowest=kmh, highest=kmh
        )


def forecast_for(series: Datastream, kmh: float, *, at: datetime) -> None:
    forecasts_ahead(now=at)
    row = builders.forecast(series, value=kmh)
    Run.objects.update(config={"step": 300, "net": {"steps_in": 12}})
    Forecast.objects.filter(pk=row.pk).update(target_time=at, made_at=NOON, data_until=NOON)


def test_a_round_of_tomorrow_is_planned_for_that_day_and_its_whole_shift(town: None) -> None:
    plan = built(day=TOMORROW)
    assert plan.notes["day"] == TOMORROW
    assert plan.problem.vehicles[0].starts == 8 * 3600
    assert len(plan.notes["speeds"]) == 9


def test_tomorrow_does_not_take_the_speed_of_this_moment(street: Datastream) -> None:
    LatestValue.objects.create(datastream=street, phenomenon_time=NOON, result=5, quality=0)
    now, then = built(shift_end=14), built(day=TOMORROW)
    assert now.notes["speed_source"] == "latest"
    assert then.notes["speed_source"] == "free_flow"


def test_tomorrow_takes_the_usual_speed_of_its_hours(street: Datastream) -> None:
    usual(street, 18, hour=9)
    usual(street, 9, hour=18)
    morning = built(day=TOMORROW, shift_start=9, shift_end=10)
    evening = built(day=TOMORROW, shift_start=18, shift_end=19)
    assert morning.notes["speeds"][0]["usual"] == evening.notes["speeds"][0]["usual"] == 1
    assert morning.notes["speed_source"] == "usual"
    assert evening.problem.durations.sum() > morning.problem.durations.sum()


def test_tomorrows_forecast_comes_before_the_usual_speed(street: Datastream) -> None:
    usual(street, 18, hour=9)
    forecast_for(street, 3, at=datetime(2026, 3, 3, 1, 30, tzinfo=UTC))  # 09:30 in Haicheng
    expected = built(day=TOMORROW, shift_start=9, shift_end=10)
    assert expected.notes["speed_source"] == "forecast"
    assert built(day=TOMORROW, shift_start=9, shift_end=10, speed_source=3).notes["speed_source"] == "usual"


def test_the_hours_of_a_shift_are_taken_one_by_one(street: Datastream) -> None:
    LatestValue.objects.create(datastream=street, phenomenon_time=NOON, result=20, quality=0)
    usual(street, 18, hour=14)
    hours = built(shift_end=15).notes["speeds"]
    assert [max(hour.keys() - {"begins", "free_flow"}, default="") for hour in hours] == [
        "latest",
        "",
        "usual",
    ]


def test_a_plan_on_usual_speeds_knows_the_readings_behind_them(street: Datastream) -> None:
    usual(street, 18, hour=9)
    used = built(day=TOMORROW, shift_start=9, shift_end=10).used
    assert used is not None
    assert used.datastream_ids == (street.pk,)
    assert used.start < NOON - timedelta(days=20)


def test_the_chosen_places_are_visited_due_or_not_and_requests_among_them(town: None) -> None:
    site("lately", 2, 2, days_ago=1)
    request = service_request("T-9")
    request.geometry = "SRID=4326;POINT(118.002 24.001)"
    request.save()
    plan = built(visit=["lately", "T-9"])
    assert [item.label for item in plan.objects] == ["lately", "T-9"]
    assert [place.prize for place in plan.problem.sites] == [None, None]
    assert plan.objects[1].protected == (118.002, 24.001)


def test_a_round_starts_where_the_planner_says(town: None) -> None:
    plan = built(start="far", visit=["near"])
    assert plan.notes["depot"] == "far"
    assert plan.problem.durations[0].tolist() == [0, 50]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"start": "gone"}, "start"),
        ({"visit": ["near", "gone"]}, "visit"),
        ({"day": "2026-03-01"}, "day"),
        ({"day": "2026-03-02", "shift_start": 8, "shift_end": 12}, "day"),
    ],
)
def test_what_has_gone_since_is_named(town: None, parameters: dict[str, Any], field: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        built(**parameters)
    assert refusal.value.field == field
