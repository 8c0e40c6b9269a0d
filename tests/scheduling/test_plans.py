"""The life of a plan version and who may do what to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import LineString
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.core.errors import ProblemError
from apps.core.jobs import job_start, job_succeed
from apps.core.models import Job, JobState
from apps.privacy.models import PolicyRule, PolicyVersion
from apps.privacy.selectors.inforce import IN_FORCE
from apps.scheduling.data import BuiltProblem, PlannedSite, Ways
from apps.scheduling.models import Plan, PlanRoute, PlanState, PlanStop, StaleReason
from apps.scheduling.services import plan_publish
from apps.scheduling.services.plans import plan_solve_again
from apps.scheduling.services.staleness import plan_ground_set
from apps.sensing.data import ReadingsUsed
from apps.sensing.models import Datastream, Edit
from apps.sensing.signals import readings_corrected
from apps.subjects.signals import subject_changed
from tests.alerts.builders import stream
from tests.people import person
from tests.portal.builders import logged_in, plan
from tests.scheduling.builders import random_problem

pytestmark = pytest.mark.django_db
PLANS = "/api/v1/scheduling/plans/"
PROBLEM = "city.inspection_rounds"
NOON, HOUR = datetime(2026, 3, 2, 4, tzinfo=UTC), timedelta(hours=1)


def caller(role: str) -> Client:
    return logged_in(person(role, roles=[role]))


def asked(client: Client, path: str = "", **body: Any) -> Any:
    return client.post(f"{PLANS}{path}", body, content_type="application/json")


def test_a_plan_is_made_as_a_queued_draft_with_every_parameter() -> None:
    answer = asked(caller("city-operator"), problem=PROBLEM, parameters={"vehicles": 2})
    assert answer.status_code == 201, answer.content
    made = Plan.objects.select_related("job").get()
    assert (made.state, made.version, made.domain) == (PlanState.DRAFT, 1, "city")
    assert made.parameters["vehicles"] == 2
    assert made.parameters["shift_start"] == 8
    assert made.job is not None
    assert made.job.state == JobState.QUEUED


def test_versions_of_a_problem_count_up() -> None:
    client = caller("city-planner")
    for _each in range(3):
        asked(client, problem=PROBLEM)
    assert sorted(Plan.objects.values_list("version", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"vehicles": 0}, "vehicles"),
        ({"vehicles": 2.5}, "vehicles"),
        ({"vehicles": 1e300}, "vehicles"),
        ({"time_limit": -1}, "time_limit"),
        ({"bogus": 1}, "bogus"),
        ({"sites": "many"}, "sites"),
        ({"shift_end": None}, "parameters"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(parameters: dict[str, Any], field: str) -> None:
    answer = asked(caller("city-operator"), problem=PROBLEM, parameters=parameters)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Plan.objects.exists()
    assert not Job.objects.exists()


def test_nan_is_no_number_of_vehicles() -> None:
    body = f'{{"problem": "{PROBLEM}", "parameters": {{"vehicles": NaN}}}}'
    answer = caller("city-operator").post(PLANS, body, content_type="application/json")
    assert answer.status_code == 400
    assert not Plan.objects.exists()


def test_an_unknown_problem_is_named() -> None:
    answer = asked(caller("city-operator"), problem="city.bogus")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "problem"
    assert PROBLEM in answer.json()["errors"][0]["detail"]


def test_an_unknown_parameter_is_answered_with_those_that_there_are() -> None:
    answer = asked(caller("city-operator"), problem=PROBLEM, parameters={"speeed": 1})
    found = answer.json()["errors"][0]
    assert (answer.status_code, found["field"]) == (400, "speeed")
    assert "vehicles" in found["detail"]


@pytest.mark.parametrize("role", ["city-viewer", "city-analyst", "farm-planner"])
def test_only_a_role_that_plans_may_make_one(role: str) -> None:
    assert asked(caller(role), problem=PROBLEM).status_code == 403
    assert not Plan.objects.exists()


@pytest.mark.parametrize("role", ["city-viewer", "city-operator", "city-analyst", "city-approver"])
def test_publication_is_refused_without_the_planner_role(role: str) -> None:
    stored = plan()
    assert asked(caller(role), f"{stored.pk}/publish/").status_code == 403
    stored.refresh_from_db()
    assert stored.state == PlanState.CHECKED


def test_a_planner_publishes_and_the_version_before_is_superseded() -> None:
    client, first, second = caller("city-planner"), plan(1), plan(2)
    for stored in (first, second):
        assert asked(client, f"{stored.pk}/publish/").json()["state"] == "published"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (PlanState.SUPERSEDED, PlanState.PUBLISHED)
    assert second.published_at is not None


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.PUBLISHED, PlanState.SUPERSEDED])
def test_only_a_checked_plan_can_be_published(state: PlanState) -> None:
    viewer = viewer_for(person("planner", roles=["city-planner"]))
    with pytest.raises(ProblemError) as refused:
        plan_publish(plan(state=state), viewer=viewer)
    assert (refused.value.status, refused.value.field) == (409, "state")


@pytest.mark.parametrize("state", [PlanState.PUBLISHED, PlanState.SUPERSEDED])
def test_a_published_plan_is_not_solved_again(state: PlanState) -> None:
    viewer = viewer_for(person("planner", roles=["city-planner"]))
    with pytest.raises(ProblemError) as refused:
        plan_solve_again(plan(state=state), viewer=viewer)
    assert refused.value.status == 409


@pytest.mark.parametrize(
    "change", [{"cost": 1.0}, {"parameters": {"vehicles": 1}}, {"state": "draft"}, {"notes": {"a": "b"}}]
)
def test_the_database_itself_refuses_to_change_a_published_plan(change: dict[str, Any]) -> None:
    stored = plan(state=PlanState.PUBLISHED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.filter(pk=stored.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.filter(pk=stored.pk).delete()
    stored.refresh_from_db()
    assert (stored.state, stored.cost) == (PlanState.PUBLISHED, 100)


def test_the_database_keeps_the_routes_and_stops_of_a_published_plan() -> None:
    stored = plan()
    line = LineString((118, 24), (118.1, 24.1), srid=4326)
    route = PlanRoute.objects.create(plan=stored, vehicle="v1", distance=1, duration=1, geometry=line)
    times = {"arrival": timezone.now(), "departure": timezone.now()}
    PlanStop.objects.create(route=route, sequence=1, object_type="x", object_id=1, label="a", **times)
    Plan.objects.filter(pk=stored.pk).update(state=PlanState.PUBLISHED)
    for rows in (PlanRoute.objects.all(), PlanStop.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanStop.objects.update(label="b")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanRoute.objects.update(distance=2)


def test_a_copy_is_a_new_version_with_the_changes() -> None:
    client = caller("city-planner")
    first = asked(client, problem=PROBLEM, parameters={"vehicles": 3, "sites": 9}).json()
    copy = asked(client, f"{first['id']}/copy/", parameters={"vehicles": 5})
    assert copy.status_code == 201, copy.content
    made = Plan.objects.get(pk=copy.json()["id"])
    assert (made.version, made.parent_id) == (2, first["id"])
    assert (made.parameters["vehicles"], made.parameters["sites"]) == (5, 9)


def test_a_queued_plan_is_cancelled_at_once() -> None:
    client = caller("city-operator")
    made = asked(client, problem=PROBLEM).json()
    assert asked(client, f"{made['id']}/cancel/").status_code == 200
    assert Job.objects.get().state == JobState.CANCELLED
    assert asked(client, f"{made['id']}/cancel/").status_code == 409
    assert asked(client, f"{made['id']}/solve/").status_code == 200


def test_a_running_plan_is_asked_to_take_its_best_answer() -> None:
    client = caller("city-operator")
    made = asked(client, problem=PROBLEM).json()
    job_start(Job.objects.get().pk)
    assert asked(client, f"{made['id']}/solve/").status_code == 409
    assert asked(client, f"{made['id']}/take/").status_code == 200
    assert Job.objects.get().wish == "take"
    job_succeed(Job.objects.get().pk)


def test_two_versions_are_compared_by_the_stops_that_differ() -> None:
    first, second = plan(1), plan(2)
    body = caller("city-viewer").get(f"{PLANS}{first.pk}/compare/{second.pk}/")
    assert (body.status_code, body.json()) == (200, [])
    assert caller("city-analyst").get(f"{PLANS}{first.pk}/compare/999999/").status_code == 404


def test_a_viewer_of_another_domain_sees_no_plan() -> None:
    stored, stranger = plan(), caller("farm-planner")
    assert stranger.get(PLANS).json()["results"] == []
    for path in (f"{stored.pk}/", f"{stored.pk}/routes.geojson/", f"{stored.pk}/compare/{stored.pk}/"):
        assert stranger.get(f"{PLANS}{path}").status_code == 404
    for act in ("publish", "copy", "cancel", "take", "solve"):
        assert asked(stranger, f"{stored.pk}/{act}/").status_code == 404


def built_on(series: Datastream, *, start: datetime = NOON - HOUR, end: datetime = NOON) -> Plan:
    """A checked plan whose travel times were read from one series."""
    made = plan()
    made.read_streams, made.read_from, made.read_until = [series.pk], start, end
    made.snapshot = {"sites": [{"type": "city.InspectionSite", "id": 7}], "vehicles": ["Team 1"]}
    made.save()
    return made


def corrected(series: Datastream, *, at: datetime) -> str:
    """What the newest plan says after a correction of one reading."""
    readings_corrected.send(sender=Plan, datastream_ids=[series.pk], start=at, end=at)
    return Plan.objects.latest("pk").stale


def test_a_plan_turns_stale_with_the_readings_behind_it() -> None:
    series = stream()
    made = built_on(series)
    assert corrected(series, at=NOON - HOUR / 2) == StaleReason.READINGS
    made.refresh_from_db()
    assert made.stale_at is not None
    shown = caller("city-operator").get(f"{PLANS}{made.pk}/").json()
    assert shown["stale"] == "readings"
    page = caller("city-viewer").get(f"/portal/plans/{made.pk}/").content.decode()
    assert "Readings that its travel times were computed from have been corrected." in page


@pytest.mark.parametrize("hours", [-2, 1])
def test_readings_from_before_and_after_leave_a_plan_as_it_is(hours: int) -> None:
    series = stream()
    built_on(series)
    assert corrected(series, at=NOON + hours * HOUR) == ""


def test_a_published_plan_takes_the_mark_and_stays_immutable() -> None:
    series = stream()
    made = built_on(series)
    plan_publish(made, viewer=viewer_for(person("zhao", roles=["city-planner"])))
    assert corrected(series, at=NOON - HOUR / 2) == StaleReason.READINGS
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.filter(pk=made.pk).update(read_streams=[])


def test_a_superseded_plan_is_left_as_it_is() -> None:
    series = stream()
    made = built_on(series)
    Plan.objects.filter(pk=made.pk).update(state=PlanState.PUBLISHED)
    Plan.objects.filter(pk=made.pk).update(state=PlanState.SUPERSEDED)
    assert corrected(series, at=NOON - HOUR / 2) == ""


def test_a_plan_turns_stale_with_a_record_that_it_visits() -> None:
    built_on(stream())
    subject_changed.send(sender=Plan, kind="corrected", rows=[("city.InspectionSite", "8")])
    assert Plan.objects.get().stale == ""
    subject_changed.send(sender=Plan, kind="erased", rows=[("city.InspectionSite", "7")])
    assert Plan.objects.get().stale == StaleReason.OBJECTS


def test_a_correction_while_the_plan_is_being_built_marks_it() -> None:
    series = stream()
    made = plan()
    used = ReadingsUsed((series.pk,), NOON - HOUR, NOON, read_at=NOON)
    Edit.objects.create(
        datastream=series,
        start=NOON - HOUR / 2,
        end=NOON - HOUR / 2,
        operation="delete",
        reason="Test",
        made_by=person("ana"),
        made_at=NOON + HOUR,
    )
    problem = random_problem(1)
    places = tuple(PlannedSite("city.InspectionSite", number, "") for number in range(len(problem.sites)))
    plan_ground_set(made, BuiltProblem(problem, places, Ways.__new__(Ways), NOON, (118.0, 24.0), used=used))
    made.refresh_from_db()
    assert (made.stale, made.read_streams) == (StaleReason.READINGS, [series.pk])


@pytest.mark.parametrize(
    ("label", "field", "shown"),
    [
        ("scheduling.Plan", "notes", {"label", "first", "second"}),
        ("scheduling.PlanStop", "label", {"first", "second"}),
        ("scheduling.PlanStop", "sequence", {"label"}),
        ("scheduling.PlanRoute", "vehicle", {"label"}),
    ],
)
def test_a_comparison_holds_what_the_caller_sees_clear(label: str, field: str, shown: set[str]) -> None:
    first, second = plan(1), plan(2)
    line = LineString((0, 0), (1, 1), srid=4326)
    route = PlanRoute.objects.create(plan=second, vehicle="v1", distance=1, duration=1, geometry=line)
    times = {"arrival": timezone.now(), "departure": timezone.now()}
    PlanStop.objects.create(route=route, sequence=1, object_type="x", object_id=1, label="a", **times)
    version = PolicyVersion.objects.create(number=9, state="in_force", reason="fields")
    PolicyRule.objects.create(
        version=version, order=1, key="r1", object_type=label, field=field, effect="hide"
    )
    IN_FORCE.forget()
    try:
        rows = caller("city-viewer").get(f"{PLANS}{first.pk}/compare/{second.pk}/").json()
    finally:
        version.delete()
        IN_FORCE.look()
    assert [set(row) for row in rows] == [shown]
