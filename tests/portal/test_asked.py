"""Addresses that are opened afresh or ask what no page can answer: led back, or refused by name."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.portal.pages import NAMES, PAGES, page_above
from tests.people import person
from tests.portal.builders import logged_in, plan, upload

pytestmark = pytest.mark.django_db
BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-language": "en"}


@pytest.fixture
def client() -> Client:
    return logged_in(person("clerk", roles=["city-operator"]))


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/portal/uploads/1/go/", "/portal/uploads/1/"),
        ("/portal/uploads/send/", "/portal/uploads/"),
        ("/portal/alarms/7/shelve/", "/portal/alarms/7/"),
        ("/portal/reveals/7/noted/", "/portal/reveals/"),
        ("/portal/notices/7/read/", "/portal/"),
        ("/portal/purpose/", "/portal/"),
        ("/portal/language/", "/portal/"),
    ],
)
def test_the_address_of_a_form_leads_back_to_its_page(client: Client, address: str, page: str) -> None:
    answer = client.get(address, headers=BROWSER)
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_every_page_has_one_above_it_or_my_work() -> None:
    assert {page_above(route) for route, _view, _name in PAGES} <= {"", *NAMES}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("jobs/?state=zzz", "state"),
        ("jobs/?page=1e400", "page"),
        ("trail/?before=zzz", "before"),
        ("forecasts/?stream=abc", "stream"),
        ("forecasts/?datastream=abc", "datastream"),
        ("districts/?day=zzz", "day"),
        ("alarms/?priority=9", "priority"),
        ("datastreams/?domain=mars", "domain"),
        ("datastreams/?q=%00", "q"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_on_a_page(client: Client, query: str, name: str) -> None:
    answer = client.get(f"/portal/{query}", headers=BROWSER)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")
    assert f"<code>{name}</code>" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["jobs/?state=", "jobs/?page=1", "datastreams/?q=x&state=stale", "alarms/?state=closed&domain="]
)
def test_what_the_filters_offer_is_answered(client: Client, query: str) -> None:
    assert client.get(f"/portal/{query}", headers=BROWSER).status_code == 200


def test_who_takes_anything_gets_a_page_and_a_program_json(client: Client) -> None:
    anything = client.get("/portal/search/?extended=1&s=%00", headers={"accept": "*/*"})
    assert anything["Content-Type"].startswith("text/html")
    program = client.get("/api/v1/sensing/datastreams/?q=%00", headers={"accept": "*/*"})
    assert program["Content-Type"].startswith("application/problem+json")


def test_a_finished_plan_says_who_publishes_it_to_whoever_may_not(client: Client) -> None:
    address = f"/portal/plans/{plan().pk}/"
    assert (
        "It waits in the inbox of whoever publishes it."
        in client.get(address, headers=BROWSER).content.decode()
    )
    planner = logged_in(person("planner", roles=["city-planner"]))
    assert 'data-open="publish"' in planner.get(address, headers=BROWSER).content.decode()


def test_my_work_counts_every_row_in_quarantine(client: Client) -> None:
    row = upload(User.objects.get(username="clerk"))
    type(row).objects.filter(pk=row.pk).update(quarantined=7, conflict=1)
    assert "8 rows" in client.get("/portal/", headers=BROWSER).content.decode()
