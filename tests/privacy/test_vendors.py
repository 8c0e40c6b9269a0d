"""Contractors: invented rows at every exit, real ones for an open ticket only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import AccessGrant, User
from apps.accounts.selectors import viewer_for
from apps.accounts.services import access_grant_give
from apps.audit.models import AccessEntry
from apps.core.domains import all_domains
from apps.core.grades import Grade
from apps.domains.school.models import Student
from apps.privacy.services.synthetic import synthetic_models, synthetic_rows
from tests.exits.planting import public_of
from tests.exits.test_every_exit import MARK, addresses, body
from tests.people import person
from tests.portal.builders import logged_in
from tests.privacy.school import NAME, pupil

pytestmark = pytest.mark.django_db
STUDENTS = "/api/v1/school/students/"
SUPPORT = {"x-purpose": "support"}


def contractor(*roles: str) -> User:
    user = person("wei", roles=roles or ["school-operator"], clearance=Grade.L4)
    User.objects.filter(pk=user.pk).update(vendor=True)
    return User.objects.get(pk=user.pk)


def given(client: Client, user: User, changes: dict[str, object] | None = None) -> int:
    form = {"user": user.pk, "object_type": "school.School", "ticket": "T-9", "hours": 2, **(changes or {})}
    client.post("/portal/contractors/give/", form)
    return AccessGrant.objects.filter(user=user).count()


def test_no_address_shows_a_contractor_a_planted_word() -> None:
    paths = list(addresses())
    user = contractor(*(f"{domain.slug}-operator" for domain in all_domains()))
    cache.clear()
    client = logged_in(user)
    client.raise_request_exception = False
    answers = {path: body(client, path) for path in paths}
    shown = {path for path, (_status, found) in answers.items() if MARK in found and not public_of(path)}
    assert not shown | {path for path, (status, _found) in answers.items() if status >= 500}


@pytest.mark.parametrize("path", ["/portal/", "/portal/datastreams/"])
def test_pages_without_rows_lead_a_contractor_to_the_invented_ones(path: str) -> None:
    page = logged_in(contractor()).get(path).content.decode()
    assert "As a contractor you see invented rows" in page
    assert 'href="/portal/synthetic/">Open the synthetic data' in page
    assert "import command" not in page


def test_he_gets_invented_rows_from_lists_details_pages_and_files() -> None:
    pupil()
    client = logged_in(contractor())
    rows = client.get(STUDENTS).json()["results"]
    assert len(rows) == 50
    assert client.get(f"{STUDENTS}7/").json() == rows[6]
    assert NAME not in str(rows)
    assert client.get("/portal/synthetic/school/student/").status_code == 200
    file = client.get("/portal/synthetic/school/student/?format=csv")
    assert len(file.content.splitlines()) == 51
    assert client.get("/portal/synthetic/city/roadsegment/").status_code == 404  # not his domain


def test_invented_rows_are_made_without_a_look_at_the_database() -> None:
    viewer = viewer_for(contractor(*(f"{domain.slug}-viewer" for domain in all_domains())))
    models = synthetic_models(viewer)
    assert len(models) > 20
    with CaptureQueriesContext(connection) as asked:
        made = {model: synthetic_rows(model, count=3) for model in models}
    assert not asked.captured_queries
    for row in (row for rows in made.values() for row in rows):
        links = [field.name for field in row._meta.concrete_fields if field.remote_field]
        row.clean_fields(exclude=links)


def test_he_changes_nothing() -> None:
    assert {capability.value for _slug, capability in viewer_for(contractor()).rights} == {"view"}


def test_real_rows_come_with_a_ticket_for_some_hours_and_go_with_it() -> None:
    student, user = pupil(), contractor()
    approver, client = logged_in(person("sun", roles=["school-approver"])), logged_in(user)
    assert given(approver, user) == 1
    real = client.get("/api/v1/school/schools/", headers=SUPPORT).json()["results"]
    assert [row["code"] for row in real] == ["S"]
    assert len(client.get("/api/v1/school/schools/").json()["results"]) == 50  # without the purpose: invented
    assert NAME not in client.get(STUDENTS, headers=SUPPORT).content.decode()
    assert AccessEntry.objects.filter(action="grant", object_type="school.School").exists()
    approver.post("/portal/contractors/end/", {"object_type": "school.School", "ticket": "T-9"})
    assert len(client.get("/api/v1/school/schools/", headers=SUPPORT).json()["results"]) == 50
    assert Student.objects.get() == student


@pytest.mark.parametrize(
    "changes", [{"ticket": " "}, {"hours": 9}, {"hours": "x"}, {"object_type": "accounts.User"}, {"user": 0}]
)
def test_an_access_without_ticket_limit_or_contractor_is_refused(changes: dict[str, object]) -> None:
    user = contractor()
    assert given(logged_in(person("sun", roles=["school-approver"])), user, changes) == 0


def test_an_approver_of_another_domain_opens_nothing() -> None:
    user = contractor()
    assert given(logged_in(person("sun", roles=["city-approver"])), user) == 0


def test_a_grant_that_rests_on_no_ticket_opens_nothing_to_a_contractor() -> None:
    pupil()
    user, until = contractor(), timezone.now() + timedelta(days=1)
    grant = {"object_type": "school.School", "purpose": "statistics", "basis": "catalogue.request:1"}
    access_grant_give(user, by=person("sun"), until=until, **grant)
    rows = (
        logged_in(user).get("/api/v1/school/schools/", headers={"x-purpose": "statistics"}).json()["results"]
    )
    assert len(rows) == 50
