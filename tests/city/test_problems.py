from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core.domains import problems_by_id
from apps.core.errors import ProblemError
from apps.domains.city.problems import inspection_rounds
from apps.scheduling.data import BuiltProblem
from apps.scheduling.solvers.vrptw import solve
from tests.city.builders import EVERYBODY, NOON, site, street_grid

pytestmark = pytest.mark.django_db
PARAMETERS = {item.key: item.default for item in problems_by_id()["city.inspection_rounds"][1].parameters}


def rounds(*, now: datetime, **parameters: Any) -> BuiltProblem:
    return inspection_rounds(parameters={**PARAMETERS, **parameters}, viewer=EVERYBODY, now=now)


@pytest.fixture
def town(db: None) -> None:
    street_grid()
    site("depot", 0, 0, category="depot")
    site("near", 1, 0)
    site("far", 3, 3)
    site("lately", 2, 2, days_ago=1)


def test_only_sites_that_are_due_are_planned(town: None) -> None:
    built = rounds(now=NOON)
    assert [item.label for item in built.objects] == ["far", "near"]


def test_travel_times_follow_the_streets_at_free_flow_without_readings(town: None) -> None:
    built = rounds(now=NOON)
    assert built.problem.durations[0].tolist() == [0, 60, 10]  # 36 km/h: six blocks, one block
    assert built.notes["speed_source"] == "free_flow"
    assert len(built.ways.path(0, 1)) >= 6


def test_a_shift_that_runs_begins_now_and_one_that_ends_soon_waits_for_tomorrow(town: None) -> None:
    today = rounds(now=NOON)
    evening = rounds(now=NOON + timedelta(hours=5))
    assert today.problem.vehicles[0].starts == 12 * 3600
    assert evening.zero - today.zero == timedelta(days=1)
    assert evening.problem.vehicles[0].starts == 8 * 3600


def test_a_small_plan_is_solved_to_its_bound(town: None) -> None:
    plan = solve(rounds(now=NOON).problem, seconds=2)
    assert plan is not None
    assert (plan.cost, plan.bound, plan.unserved) == (120, 120, ())


def test_without_a_depot_or_a_due_site_the_planner_is_told(town: None) -> None:
    with pytest.raises(ProblemError, match="due"):
        rounds(now=NOON - timedelta(days=60))


def test_a_shift_must_end_after_it_begins(town: None) -> None:
    with pytest.raises(ProblemError) as refusal:
        rounds(now=NOON, shift_end=5)
    assert refusal.value.field == "shift_end"
