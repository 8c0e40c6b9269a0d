"""Programs ask as people do, and read only what was released to them."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests.people import person
from tests.privacy.statistics import ENCOUNTERS, analyst, budgets, spent

pytestmark = pytest.mark.django_db
RELEASES, BUDGETS = "/api/v1/privacy/releases/", "/api/v1/privacy/budgets/"
QUESTION = {
    "dataset": ENCOUNTERS,
    "measure": "count",
    "epsilon": "0.1",
    "since": "2026-03-01",
    "until": "2026-04-01",
    "group": "kind",
}


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    """Answers come without waiting for an even moment."""
    settings.STATISTICS_MILLISECONDS = 0


def api(user: User) -> APIClient:
    """A program of this user."""
    client = APIClient()
    client.force_login(user)
    return client


def test_a_program_asks_and_gets_each_number_with_its_radius() -> None:
    budgets()
    found = api(analyst()[0]).post(RELEASES, {**QUESTION, "purpose": "planning"}, format="json")
    assert found.status_code == 201
    assert [cell["key"] for cell in found.json()["answer"]] == ["emergency", "inpatient", "ambulatory"]
    assert (found.json()["cost"], spent()[ENCOUNTERS]) == ("0.1", 100_000)


def test_a_preview_spends_nothing() -> None:
    budgets()
    found = api(analyst()[0]).post(f"{RELEASES}preview/", QUESTION, format="json").json()
    assert (found["cost"], found["radius"], found["is_affordable"]) == ("0.1", 90.0, True)
    assert not any(spent().values())


def test_the_list_holds_only_what_was_released_to_the_caller() -> None:
    budgets()
    one, two = analyst("one")[0], analyst("two")[0]
    made = api(one).post(RELEASES, {**QUESTION, "purpose": "planning"}, format="json").json()["id"]
    assert len(api(one).get(RELEASES).json()["results"]) == 1
    assert api(two).get(RELEASES).json()["results"] == []
    assert api(two).get(f"{RELEASES}{made}/").status_code == 404


@pytest.mark.parametrize(
    "fault",
    [
        {"epsilon": "x"},
        {"epsilon": "1e400"},
        {"filters": [1]},
        {"filters": {"kind": "inpatient"}},
        {"since": "03/01"},
        {"low": "a"},
        {"measure": None},
        {"purpose": ""},
        {"group": "patient__name"},
    ],
)
def test_bad_input_is_a_400_and_costs_nothing(fault: dict[str, Any]) -> None:
    budgets()
    body = {**QUESTION, "purpose": "planning", **fault}
    assert api(analyst()[0]).post(RELEASES, body, format="json").status_code == 400
    assert not any(spent().values())


def test_budgets_are_listed_with_the_declared_columns() -> None:
    budgets(dataset=0.5)
    lines = api(analyst()[0]).get(BUDGETS).json()
    assert [(line["dataset"], line["left_dataset"]) for line in lines] == [(ENCOUNTERS, "0.5")]
    assert {"hours", "kind", "ward"} <= {column["key"] for column in lines[0]["columns"]}


def test_an_approver_sets_a_budget_and_an_analyst_does_not() -> None:
    wish = {"dataset": ENCOUNTERS, "limit": "1.5", "share": "0.5", "reason": "New year"}
    approver = person("approver", roles=["hospital-approver"])
    assert api(approver).post(BUDGETS, wish, format="json").status_code == 201
    assert api(analyst()[0]).post(BUDGETS, wish, format="json").status_code == 403


def test_administrators_are_offered_nothing() -> None:
    budgets()
    auditor = person("auditor", office="auditor")
    assert api(auditor).get(BUDGETS).json() == []
    assert api(auditor).post(RELEASES, {**QUESTION, "purpose": "x"}, format="json").status_code == 403
