"""Solving a plan with the real solver: in this process, and by a Celery worker that people talk to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.core.grades import Grade
from apps.core.jobs import JobBusyError, job_lock_key, job_start, job_wish
from apps.core.models import Job, JobState
from apps.domains.city.models import InspectionSite
from apps.scheduling.models import Plan, PlanRoute, PlanState, PlanStop
from apps.scheduling.services import solving
from tests.city.builders import service_request, site, street_grid
from tests.people import person
from tests.portal.builders import logged_in
from tests.stack import LiveStack

pytestmark = pytest.mark.calendar  # a shift is planned from the hour of now
PLANS = "/api/v1/scheduling/plans/"
WAIT_SECONDS = 40


@pytest.fixture
def town(request: pytest.FixtureRequest) -> None:
    """Twelve sites in a grid of streets, open day and night, so that the hour of the test is no matter."""
    request.getfixturevalue("transactional_db" if "celery_worker" in request.fixturenames else "db")
    street_grid(5)
    site("depot", 0, 0, category="depot")
    for number in range(12):
        site(f"s{number}", number % 4 + 1, number // 4 + 1)
    InspectionSite.objects.update(opens="00:00", closes="23:59")


def asked(client: Client, path: str = "", **body: Any) -> Any:
    answer = client.post(f"{PLANS}{path}", body, content_type="application/json")
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()


def drafted(client: Client, *, seconds: int = 1, **parameters: Any) -> Plan:
    wishes = {"shift_start": 0, "shift_end": 24, "time_limit": seconds} | parameters
    made = asked(client, problem="city.inspection_rounds", parameters=wishes)
    return Plan.objects.select_related("job").get(pk=made["id"])


def until(true: Callable[[], bool], worker: LiveStack) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < end, worker.log("worker")[-4000:]
        time.sleep(0.1)


def job_of(plan: Plan) -> Job:
    plan.refresh_from_db()
    assert plan.job is not None
    return plan.job


@pytest.fixture
def planner(town: None) -> Client:
    return logged_in(person("planner", roles=["city-planner"]))


@pytest.mark.django_db
def test_a_solved_plan_visits_every_site_once_and_tells_its_bound(planner: Client) -> None:
    plan = drafted(planner)
    solving.plan_solve(plan)
    assert (job_of(plan).state, plan.state) == (JobState.SUCCEEDED, PlanState.CHECKED)
    assert sorted(PlanStop.objects.values_list("label", flat=True)) == sorted(f"s{n}" for n in range(12))
    assert 0 < plan.bound <= plan.cost
    assert plan.gap == pytest.approx((plan.cost - plan.bound) / plan.cost)
    assert plan.notes["speed_source"] == "free_flow"


@pytest.mark.django_db
def test_the_routes_are_drawn_along_the_streets_with_their_stops(planner: Client) -> None:
    plan = drafted(planner)
    solving.plan_solve(plan)
    body = planner.get(f"{PLANS}{plan.pk}/routes.geojson/").json()
    lines = [feature["geometry"] for feature in body["features"]]
    assert {line["type"] for line in lines} == {"LineString"}
    assert sum(len(feature["properties"]["stops"]) for feature in body["features"]) == 12
    assert all(line["coordinates"][0] == line["coordinates"][-1] == [118.0, 24.0] for line in lines)


@pytest.mark.django_db
def test_a_route_to_a_home_is_drawn_no_finer_than_its_mask(town: None) -> None:
    request = service_request("T-9")
    request.geometry = "SRID=4326;POINT(118.003 24.003)"
    request.save()
    client = logged_in(person("cleared", roles=["city-planner"], clearance=Grade.L3))
    plan = drafted(client, visit=["T-9"])
    solving.plan_solve(plan)
    route = PlanRoute.objects.get()
    assert PlanStop.objects.get().label == "T-9"
    assert route.distance == 1200
    inside = {(lon, lat) for lon, lat in route.geometry.coords if lon > 118.0005 and lat > 24.0005}
    assert inside == {(118.005, 24.005)}  # the middle of the cell of 0.01 degrees


@pytest.mark.django_db
def test_a_round_may_start_where_its_only_visit_is(planner: Client) -> None:
    plan = drafted(planner, start="s0", visit=["s0"])
    solving.plan_solve(plan)
    assert job_of(plan).state == JobState.SUCCEEDED
    assert PlanRoute.objects.get().distance == 0


@pytest.mark.django_db
def test_a_problem_that_cannot_be_built_ends_the_job_with_the_reason(planner: Client) -> None:
    plan = drafted(planner, shift_start=10, shift_end=9)
    solving.plan_solve(plan)
    assert (job_of(plan).state, plan.state) == (JobState.FAILED, PlanState.DRAFT)
    assert job_of(plan).message


@pytest.mark.django_db
def test_a_fault_ends_the_job_and_the_plan_can_be_solved_again(
    planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = drafted(planner)
    monkeypatch.setattr(solving, "verify", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        solving.plan_solve(plan)
    assert job_of(plan).state == JobState.FAILED
    monkeypatch.undo()
    asked(planner, f"{plan.pk}/solve/")
    plan.refresh_from_db()
    solving.plan_solve(plan)
    assert job_of(plan).state == JobState.SUCCEEDED


@pytest.mark.django_db
def test_a_second_delivery_leaves_a_plan_that_is_being_solved_alone(planner: Client) -> None:
    plan = drafted(planner)
    names = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
    with psycopg.connect(dbname=settings.DATABASES["default"]["NAME"], **names) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [job_lock_key(job_of(plan).pk)])
        with pytest.raises(JobBusyError):
            solving.plan_solve(plan)
    assert job_of(plan).state == JobState.QUEUED


@pytest.mark.django_db
def test_a_plan_whose_worker_was_lost_is_solved_from_the_beginning(planner: Client) -> None:
    plan = drafted(planner)
    job_start(job_of(plan).pk, stage="search")
    PlanRoute.objects.create(
        plan=plan, vehicle="half", distance=1, duration=1, geometry="SRID=4326;LINESTRING(0 0,1 1)"
    )
    solving.plan_solve(plan)
    assert job_of(plan).state == JobState.SUCCEEDED
    assert not PlanRoute.objects.filter(vehicle="half").exists()


@pytest.mark.django_db
def test_the_routes_of_a_published_plan_cannot_be_changed(planner: Client) -> None:
    plan = drafted(planner)
    solving.plan_solve(plan)
    assert asked(planner, f"{plan.pk}/publish/")["state"] == "published"
    for rows in (PlanRoute.objects.all(), PlanStop.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanStop.objects.update(label="x")


@pytest.mark.django_db
def test_a_plan_that_is_solved_again_is_not_published_meanwhile(planner: Client) -> None:
    plan = drafted(planner)
    solving.plan_solve(plan)
    asked(planner, f"{plan.pk}/solve/")
    assert planner.post(f"{PLANS}{plan.pk}/publish/").status_code == 409


def test_a_worker_shows_cost_bound_and_time_left_and_the_best_answer_is_taken(
    planner: Client, celery_worker: LiveStack
) -> None:
    plan = drafted(planner, seconds=300)
    until(lambda: bool(job_of(plan).figures.get("cost")), celery_worker)
    figures = job_of(plan).figures
    assert figures["bound"] <= figures["cost"]
    assert 0 < figures["left"] < 300
    asked(planner, f"{plan.pk}/take/")
    until(lambda: job_of(plan).is_final, celery_worker)
    assert (job_of(plan).state, plan.state) == (JobState.SUCCEEDED, PlanState.CHECKED)
    assert plan.status in {"taken early", "within 2 %", "optimal"}


def test_a_cancelled_search_keeps_nothing(planner: Client, celery_worker: LiveStack) -> None:
    plan = drafted(planner, seconds=300)
    until(lambda: job_of(plan).state == JobState.RUNNING, celery_worker)
    job_wish(job_of(plan).pk, wish="cancel")
    until(lambda: job_of(plan).is_final, celery_worker)
    assert (job_of(plan).state, plan.state) == (JobState.CANCELLED, PlanState.DRAFT)
    assert not PlanRoute.objects.exists()
