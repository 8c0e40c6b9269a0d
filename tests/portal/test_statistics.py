"""The pages of protected statistics: price before spending, the answer with its error, budgets decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.privacy.models import BudgetDecision, Delivery
from tests.people import person
from tests.portal import builders
from tests.privacy.statistics import ENCOUNTERS, budgets, spent, stays

pytestmark = pytest.mark.django_db
ASK = {
    "dataset": ENCOUNTERS,
    "measure": "mean",
    "column": "hours",
    "since": "2026-03-01",
    "until": "2026-04-01",
    "epsilon": "0.5",
    "f-kind": "inpatient",
}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    """Answers come without waiting for an even moment."""
    settings.STATISTICS_MILLISECONDS = 0


def client_of(name: str, role: str) -> Client:
    """A client with the session of somebody with this role."""
    return builders.logged_in(person(name, roles=[role]))


def previewed(client: Client, body: dict[str, str]) -> Any:
    """The page that shows what a question costs."""
    return client.post(reverse("admin:statistic_new") + f"?dataset={ENCOUNTERS}", body, headers=ENGLISH)


def test_the_price_and_the_error_are_shown_before_anything_is_spent() -> None:
    budgets()
    page = previewed(client_of("analyst", "hospital-analyst"), ASK)
    text = page.content.decode()
    assert "Before you spend" in text
    assert page.context["preview"].cost == 500_000
    assert not any(spent().values())


def test_an_answer_is_shown_with_its_error_and_its_cost() -> None:
    budgets()
    stays([[12.0]] * 50)
    client = client_of("analyst", "hospital-analyst")
    digest = previewed(client, ASK).context["preview"].question.digest()
    body = {**ASK, "release": "yes", "previewed": digest, "purpose": "planning"}
    page = client.post(f"{reverse('admin:statistic_new')}?dataset={ENCOUNTERS}", body, follow=True)
    assert spent()[ENCOUNTERS] == 500_000
    assert "±" in page.content.decode()
    lists = client.get(reverse("admin:statistics"), headers=ENGLISH).content.decode()
    assert "Mean · Length of stay" in lists


def test_a_question_changed_after_its_preview_is_priced_again() -> None:
    budgets()
    client = client_of("analyst", "hospital-analyst")
    digest = previewed(client, ASK).context["preview"].question.digest()
    page = previewed(client, {**ASK, "epsilon": "4", "release": "yes", "previewed": digest, "purpose": "x"})
    assert page.context["preview"].cost == 4_000_000
    assert not any(spent().values())


@pytest.mark.parametrize(
    "fault", [{"epsilon": "much"}, {"since": "yesterday"}, {"column": "name"}, {"low": "a"}]
)
def test_a_fault_is_named_and_what_was_typed_stays(fault: dict[str, str]) -> None:
    budgets()
    page = previewed(client_of("analyst", "hospital-analyst"), {**ASK, **fault})
    assert page.status_code == 200
    assert page.context["fault"].field in fault
    assert "2026-04-01" in page.content.decode()


def test_who_may_not_ask_sees_what_is_left_and_no_form() -> None:
    budgets()
    client = client_of("viewer", "hospital-viewer")
    assert b"Left of the data set" in client.get(reverse("admin:statistics"), headers=ENGLISH).content
    assert client.get(reverse("admin:statistic_new"), {"dataset": ENCOUNTERS}).status_code == 403


def test_to_other_departments_the_data_set_does_not_exist() -> None:
    client = client_of("driver", "city-analyst")
    assert client.get(reverse("admin:statistic_new"), {"dataset": ENCOUNTERS}).status_code == 404


def test_nobody_opens_the_answer_of_another() -> None:
    budgets()
    one, two = client_of("one", "hospital-analyst"), client_of("two", "hospital-analyst")
    digest = previewed(one, ASK).context["preview"].question.digest()
    previewed(one, {**ASK, "release": "yes", "previewed": digest, "purpose": "planning"})
    address = reverse("admin:statistic", args=[Delivery.objects.get().pk])
    assert (one.get(address).status_code, two.get(address).status_code) == (200, 404)


def test_an_approver_decides_with_a_reason() -> None:
    budgets()
    body = {"dataset": ENCOUNTERS, "limit": "2.5", "share": "1", "reason": "New year", "renew": "yes"}
    answer = client_of("approver", "hospital-approver").post(reverse("admin:statistics_budget"), body)
    assert answer.status_code == 302
    newest = BudgetDecision.objects.first()
    assert newest is not None
    assert (newest.limit, newest.renewed, newest.reason) == (2_500_000, True, "New year")


def test_an_analyst_decides_nothing() -> None:
    budgets()
    body = {"dataset": ENCOUNTERS, "limit": "99", "reason": "More"}
    answer = client_of("analyst", "hospital-analyst").post(reverse("admin:statistics_budget"), body)
    assert answer.status_code == 403
