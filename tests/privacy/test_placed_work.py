"""Plans and jobs lie where their work lies: a district reads its own, the whole city reads all of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.core.divisions import EVERYWHERE
from apps.core.errors import ProblemError
from apps.core.jobs import job_body, job_create, job_succeed
from apps.core.models import Job, JobKind
from apps.domains.city.models import InspectionSite, RoadSegment
from apps.live.hub.jobs import JobFeed
from apps.live.selectors import job_text, jobs_recent
from apps.scheduling.models import Plan, PlanRoute, PlanState, PlanStop
from apps.scheduling.services import plan_copy, plan_create, plan_publish
from apps.scheduling.services.solving import problem_build
from tests.city.builders import site, street_grid
from tests.people import person
from tests.portal import builders
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
HERE, BESIDE = "359902", "359903"
ROUNDS = "city.inspection_rounds"
API = "/api/v1/scheduling/"
ROLES = ["city-operator", "city-planner"]


@pytest.fixture
def people() -> dict[str, User]:
    """Planners by where they belong; the one of "" of the whole city."""
    return {place: person(f"of{place}", roles=ROLES, division_code=place) for place in ("", HERE, BESIDE)}


def planned(version: int, division: str, *, state: PlanState = PlanState.CHECKED) -> Plan:
    """A plan with one stop, whose site is called after its division, and the job of its search."""
    row = builders.plan(version, state=state)
    row.division = division
    row.job = job_create(JobKind.PLAN, title=f"job {division}", domain="city", owner=None, division=division)
    row.snapshot = {"sites": [{"type": "city.InspectionSite", "id": version}]}
    row.save()
    line = LineString((118, 24), (118.1, 24), srid=4326)
    route = PlanRoute.objects.create(plan=row, vehicle="Team 1", distance=1, duration=1, geometry=line)
    PlanStop.objects.create(
        route=route,
        sequence=1,
        object_type="city.InspectionSite",
        object_id=version,
        label=f"site of {division}",
        arrival=timezone.now(),
        departure=timezone.now(),
    )
    return row


def listed(client: Client, address: str, name: str) -> set[Any]:
    return {row[name] for row in client.get(address).json()["results"]}


def text_at(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content)
    return answer.content.decode()


def test_a_district_reads_its_own_plans_only_and_the_city_reads_all(people: dict[str, User]) -> None:
    plans = {
        place: planned(number, place) for number, place in enumerate((EVERYWHERE, HERE, BESIDE), start=1)
    }
    for place, user in people.items():
        client, seen = logged_in(user), {place} if place else set(plans)
        assert listed(client, f"{API}plans/", "id") == {plans[code].pk for code in seen}
        assert listed(client, f"{API}routes/", "plan") == {plans[code].pk for code in seen}
        assert listed(client, f"{API}stops/", "label") == {f"site of {code}" for code in seen}
        for code, row in plans.items():
            expected = 200 if code in seen else 404
            for address in (
                f"{API}plans/{row.pk}/",
                f"{API}plans/{row.pk}/routes.geojson/",
                f"{API}plans/{row.pk}/compare/{plans[place or HERE].pk}/",
                f"{API}plans/{plans[place or HERE].pk}/compare/{row.pk}/",
                reverse("admin:plan", args=[row.pk]),
                f"{reverse('admin:plans_compare')}?a={row.pk}&b={plans[place or HERE].pk}",
                f"{reverse('admin:plans_compare')}?a={plans[place or HERE].pk}&b={row.pk}",
            ):
                assert client.get(address).status_code == expected, (place, code, address)


def test_no_page_and_no_act_tells_of_a_plan_of_elsewhere(people: dict[str, User]) -> None:
    wide, beside = planned(1, EVERYWHERE), planned(2, BESIDE)
    client = logged_in(people[HERE])
    search = f"/portal/search/?s=site of {BESIDE}"
    for address in (reverse("admin:plans"), reverse("admin:index"), search):
        told = text_at(client, address)
        for row in (wide, beside):
            assert reverse("admin:plan", args=[row.pk]) not in told
            assert f"job {row.division}" not in told
    for row in (wide, beside):
        for act in ("solve", "cancel", "take", "copy", "publish"):
            answer = client.post(f"{API}plans/{row.pk}/{act}/", content_type="application/json")
            assert answer.status_code == 404, act


def test_a_plan_and_its_job_lie_in_the_division_of_the_maker(people: dict[str, User]) -> None:
    for place, user in people.items():
        made = plan_create(ROUNDS, parameters={}, viewer=viewer_for(user))
        assert made.job is not None
        assert (made.division, made.job.division) == (place or EVERYWHERE,) * 2


def test_a_copy_stays_in_the_division_of_its_original(people: dict[str, User]) -> None:
    street_grid()
    for code, place in (("here", HERE), ("beside", BESIDE)):
        site(code, 1, 1)
        InspectionSite.objects.filter(code=code).update(division=place)
    made = plan_create(ROUNDS, parameters={}, viewer=viewer_for(people[HERE]))
    wide = viewer_for(people[""])
    copied = plan_copy(made, changes={"visit": ["here"]}, viewer=wide)
    assert (copied.division, copied.job.division if copied.job else "") == (HERE, HERE)
    with pytest.raises(ProblemError, match="beside") as refused:
        plan_copy(made, changes={"visit": ["beside"]}, viewer=wide)
    assert refused.value.field == "visit"


@pytest.fixture
def town(people: dict[str, User]) -> None:
    """A depot, a site and the streets of one district, and a site of the district beside it."""
    street_grid()
    RoadSegment.objects.update(division=HERE)
    for code, place, category in (("d", HERE, "depot"), ("near", HERE, "park"), ("far", BESIDE, "park")):
        site(code, len(code) % 4, 1, category=category)
        InspectionSite.objects.filter(code=code).update(division=place)


def visited(plan: Plan) -> set[str]:
    plan.refresh_from_db()
    return {item.label for item in problem_build(plan).objects}


@pytest.mark.usefixtures("town")
def test_a_plan_is_built_on_the_sites_of_its_division(people: dict[str, User]) -> None:
    wishes = {"shift_start": 0, "shift_end": 24}
    mine = plan_create(ROUNDS, parameters=wishes, viewer=viewer_for(people[HERE]))
    assert visited(mine) == {"near"}
    assert visited(plan_copy(mine, changes={}, viewer=viewer_for(people[""]))) == {"near"}
    assert visited(plan_create(ROUNDS, parameters=wishes, viewer=viewer_for(people[""]))) == {"near", "far"}
    theirs = plan_create(ROUNDS, parameters=wishes, viewer=viewer_for(people[BESIDE]))
    with pytest.raises(ProblemError, match="depot"):  # the only one lies in the other district
        visited(theirs)
    with pytest.raises(ProblemError, match="no such place"):
        plan_create(ROUNDS, parameters={"visit": ["far"]}, viewer=viewer_for(people[HERE]))


def test_each_division_has_a_plan_in_force_of_its_own(people: dict[str, User]) -> None:
    first, mine, next_one = planned(1, EVERYWHERE), planned(2, HERE), planned(3, HERE)
    for row in (first, mine, next_one):
        assert row.job is not None
        job_succeed(row.job.pk)
    plan_publish(first, viewer=viewer_for(people[""]))
    for row in (mine, next_one):
        plan_publish(row, viewer=viewer_for(people[HERE]))
    states = dict(Plan.objects.values_list("pk", "state"))
    assert states == {first.pk: "published", mine.pk: "superseded", next_one.pk: "published"}


def jobs_of_all() -> dict[str, Job]:
    """A job of each place; the one of "" is a training, which has none."""
    return {
        place: job_create(JobKind.UPLOAD, title=f"job {place}.", domain="city", owner=None, division=place)
        for place in ("", EVERYWHERE, HERE, BESIDE)
    }


def by_page(client: Client) -> str:
    return text_at(client, reverse("admin:jobs"))


def by_tray(client: Client) -> str:
    return text_at(client, reverse("admin:jobs_tray"))


def by_program(client: Client) -> str:
    return text_at(client, "/api/v1/live/jobs/")


@pytest.mark.parametrize("told_by", [by_page, by_tray, by_program])
def test_a_district_is_told_of_its_own_jobs(
    people: dict[str, User], told_by: Callable[[Client], str]
) -> None:
    jobs = jobs_of_all()
    for place, user in people.items():
        told, seen = told_by(logged_in(user)), {"", place} if place else set(jobs)
        assert {code for code in jobs if f"job {code}." in told} == seen, place


def test_a_job_of_elsewhere_is_neither_read_nor_stopped(people: dict[str, User]) -> None:
    jobs, client = jobs_of_all(), logged_in(people[HERE])
    for code, job in jobs.items():
        expected = 200 if code in {"", HERE} else 404
        assert client.get(reverse("admin:job", args=[job.pk])).status_code == expected
        assert client.get(f"/api/v1/live/jobs/{job.pk}/").status_code == expected
        if expected == 404:
            assert client.post(f"/api/v1/live/jobs/{job.pk}/cancel/").status_code == 404
            assert (
                client.post(reverse("admin:job_wish", args=[job.pk]), {"wish": "cancel"}).status_code == 404
            )


def test_the_feed_of_jobs_tells_a_district_of_its_own(people: dict[str, User]) -> None:
    jobs, feed = jobs_of_all(), JobFeed()
    for job in jobs.values():
        feed.take(job_body(job))
    feed.flush()
    for place, user in people.items():
        viewer, seen = viewer_for(user), {"", place} if place else set(jobs)
        assert {job.division for job in jobs_recent(viewer)} == seen
        assert {code for code, job in jobs.items() if job_text(job_body(job), viewer)} == seen
        assert len(feed.since(viewer, 0)) == len(seen)


def test_news_without_a_place_is_for_the_whole_city(people: dict[str, User]) -> None:
    old = {name: value for name, value in job_body(jobs_of_all()[HERE]).items() if name != "division"}
    assert not job_text(old, viewer_for(people[HERE]))
    assert job_text(old, viewer_for(people[""]))


def test_the_job_of_an_upload_lies_where_the_upload_lies(
    people: dict[str, User], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    content = b"time,datastream,value\n2026-11-02T12:00:00Z,a,1\n"
    for place, user in people.items():
        client, file = logged_in(user), SimpleUploadedFile(f"of{place}.csv", content)
        sent = client.post("/api/v1/sensing/uploads/", {"domain": "city", "file": file}).json()
        address = f"/api/v1/sensing/uploads/{sent['id']}/confirm/"
        answer = client.post(address, sent["mapping"], content_type="application/json")
        assert answer.status_code == 202, answer.content
        assert Job.objects.get(kind=JobKind.UPLOAD, owner=user).division == (place or EVERYWHERE)
    assert "of359903.csv" not in by_program(logged_in(people[HERE]))


def test_rows_of_before_get_the_division_of_their_maker(people: dict[str, User]) -> None:
    plans, made = {}, {}
    for number, (place, user) in enumerate(people.items(), start=1):
        plans[place] = builders.plan(number)
        Plan.objects.filter(pk=plans[place].pk).update(created_by=user)
        made[place] = job_create(JobKind.UPLOAD, title="t", domain="city", owner=user)
    Plan.objects.filter(pk=plans[HERE].pk).update(state=PlanState.PUBLISHED)
    training = job_create(JobKind.TRAINING, title="t", domain="city", owner=people[HERE])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(import_module("apps.scheduling.migrations.0006_plans_placed").OF_MAKERS)
        cursor.execute(import_module("apps.core.migrations.0004_jobs_placed").OF_OWNERS)
    for place in people:
        plans[place].refresh_from_db()
        made[place].refresh_from_db()
        assert (plans[place].division, made[place].division) == (place or EVERYWHERE,) * 2
    training.refresh_from_db()
    assert training.division == ""
