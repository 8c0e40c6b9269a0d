"""Who may stop a job: its owner, or a role that could have started it; the page and programs agree."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.data import Capability
from apps.core.jobs import job_create, job_start, job_succeed
from apps.core.models import Job, JobKind, JobState
from tests.people import person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
ROLES = {
    "city-viewer": {Capability.VIEW},
    "city-operator": {Capability.UPLOAD, Capability.TRAIN, Capability.PLAN},
    "city-analyst": {Capability.UPLOAD, Capability.TRAIN},
    "city-planner": {Capability.PLAN},
    "city-approver": set[Capability](),
    "farm-operator": set[Capability](),
}


def running(kind: JobKind) -> Job:
    return job_start(job_create(kind, title="Work", domain="city", owner=None).pk)


def by_page(client: Client, job: Job) -> int:
    return client.post(reverse("admin:job_wish", args=[job.pk]), {"wish": "cancel"}).status_code


def by_program(client: Client, job: Job) -> int:
    return client.post(f"/api/v1/live/jobs/{job.pk}/cancel/").status_code


def test_every_capability_of_a_kind_is_one_that_roles_have() -> None:
    assert {kind.capability for kind in JobKind} - {""} <= set(Capability)


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("role", ROLES)
def test_page_and_program_give_one_answer(role: str, kind: JobKind) -> None:
    client = logged_in(person("who", roles=[role]))
    first, second = running(kind), running(kind)
    answers = (by_page(client, first), by_program(client, second))
    if role.startswith("farm"):
        assert answers == (404, 404)
    elif kind.capability and Capability(kind.capability) in ROLES[role]:
        assert answers == (302, 200)
    else:
        assert answers == (403, 403)
    wished = "cancel" if answers == (302, 200) else ""
    assert {Job.objects.get(pk=job.pk).wish for job in (first, second)} == {wished}


def test_the_owner_stops_a_job_of_any_kind() -> None:
    bo = person("bo", roles=["city-viewer"])
    job = job_start(job_create(JobKind.LAKE_EXPORT, title="Work", domain="city", owner=bo).pk)
    assert by_program(logged_in(bo), job) == 200


def test_what_has_ended_cannot_be_stopped() -> None:
    job = running(JobKind.PLAN)
    job_succeed(job.pk)
    client = logged_in(person("who", roles=["city-planner"]))
    assert (by_page(client, job), by_program(client, job)) == (409, 409)
    assert Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED
