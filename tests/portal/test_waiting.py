"""The inbox: what waits for a decision, whatever its kind, for those who decide and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Transfer, User
from apps.core.grades import Grade
from apps.sensing.models import CleaningRule
from tests.people import department, person
from tests.portal import builders
from tests.portal.builders import logged_in
from tests.privacy.school import NAME, pupil

pytestmark = pytest.mark.django_db
COUNT = 'class="switch bell pressing" href="/portal/waiting/"'


@pytest.fixture
def request_of_tang() -> User:
    """Somebody asks for the names of pupils."""
    pupil()
    person("deputy", roles=["school-approver"], clearance=Grade.L4)
    tang = person("tang", roles=["school-operator"], clearance=Grade.L4)
    wish = {
        "object_type": "school.Student",
        "fields_wanted": ["name"],
        "purpose": "student-care",
        "reason": "Home visit",
        "until": (timezone.now() + timedelta(days=7)).isoformat(),
    }
    answer = logged_in(tang).post("/api/v1/privacy/minors-requests/", wish, content_type="application/json")
    assert answer.status_code == 201
    return tang


def page_of(client: Client, name: str = "waiting") -> str:
    return client.get(reverse(f"admin:{name}")).content.decode()


def test_an_approver_is_told_on_every_page_and_finds_the_way_to_the_decision(request_of_tang: User) -> None:
    client = logged_in(person("sun", roles=["school-approver"], clearance=Grade.L4))
    assert COUNT in page_of(client, "streams")
    for name in ("index", "waiting"):
        page = page_of(client, name)
        assert "Request for minors" in page
        assert reverse("admin:minors_request", args=[1])[:-2] in page
        assert NAME not in page


def test_whoever_asked_and_whoever_approves_elsewhere_are_told_nothing(request_of_tang: User) -> None:
    for user in (request_of_tang, person("other", roles=["city-approver"], clearance=Grade.L4)):
        client = logged_in(user)
        assert COUNT not in page_of(client, "index")
        assert "Nothing waits for your decision." in page_of(client)


def test_a_checked_plan_waits_for_the_planner_and_leaves_the_inbox_once_published() -> None:
    plan, client = builders.plan(), logged_in(person("planner", roles=["city-planner"]))
    link = reverse("admin:plan", args=[plan.pk])
    assert link in page_of(client)
    client.post(reverse("admin:plan_publish", args=[plan.pk]))
    assert link not in page_of(client)


# Every model with a state. What somebody is asked to decide is a kind of the inbox; the others are moved on
# by whoever works on them, or by the platform. A new model must be put on one of the two sides.
DECIDED = {
    "catalogue.AccessRequest": {"submitted", "paused", "disputed"},
    "catalogue.Dataset": {"draft", "reviewed"},
    "catalogue.Correction": {"reported"},
    "privacy.MinorsRequest": {"asked"},
    "privacy.MicroRelease": {"asked"},
    "privacy.PolicyVersion": {"proposed"},
    "sensing.CleaningRule": {"draft"},
    "scheduling.Plan": {"checked"},
    "subjects.SubjectRequest": {"received", "verified"},
    "subjects.Incident": {"open"},
}
WORKED_ON = {
    "core.Job": "runs by itself",
    "alerts.Alarm": "has a page and a count of its own",
    "alerts.Notification": "is sent by itself",
    "pulls.PullRun": "runs by itself",
    "sensing.QuarantinedRow": "is mended by whoever uploads",
    "city.ServiceRequest": "is work of its own, with a page of its own",
}


def test_every_model_with_a_state_is_in_the_inbox_or_is_no_decision() -> None:
    with_state = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and any(field.name == "state" for field in model._meta.fields)
    }
    assert with_state == DECIDED.keys() | WORKED_ON.keys()


def test_a_move_of_a_person_waits_for_the_security_administrator_who_did_not_enter_it() -> None:
    asker, moved = person("sysadmin", office="system"), person("moved", roles=["city-viewer"])
    Transfer.objects.create(user=moved, asked_by=asker, department=department("health"))
    client = logged_in(person("secadmin", office="security"))
    assert "Move of a person" in page_of(client)
    assert COUNT in page_of(client, "index")


def test_a_draft_of_a_cleaning_rule_waits_for_a_colleague_who_handles() -> None:
    maker, colleague = (person(name, roles=["city-operator"]) for name in ("maker", "colleague"))
    CleaningRule.objects.create(domain="city", kind="speed", limits={"high": 100}, made_by=maker)
    assert "Cleaning rule</td>" in page_of(logged_in(colleague))
    assert "Cleaning rule</td>" not in page_of(logged_in(maker))
