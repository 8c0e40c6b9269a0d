"""The menu: what somebody can do something with, their domain first, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.core.domains import all_domains
from apps.core.grades import Grade
from tests.e2e.test_frame import WALKERS
from tests.people import CAPABILITIES, OFFICES, person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
MOST_FOR_A_READER = 17


def menu(user: User, path: str = "/portal/trail/") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = logged_in(user).get(path).context["sidebar_navigation"]
    return found


def links(user: User) -> set[str]:
    return {item["link"] for group in menu(user) for item in group["items"]}


def page(name: str) -> str:
    return reverse(f"admin:{name}")


def test_a_reader_finds_their_domain_first_and_no_page_where_they_can_do_nothing() -> None:
    user = person("reader", roles=["city-viewer"])
    groups = menu(user)
    assert "title" not in groups[0]
    assert str(groups[1]["title"]) == "City"
    assert sum(len(group["items"]) for group in groups) <= MOST_FOR_A_READER
    closed = [
        "uploads",
        "runs",
        "models",
        "jobs",
        "approvals",
        "waiting",
        "minors",
        "reveals",
        "work_calendar",
    ]
    tables = ["sensing_quarantinedrow", "sensing_device", "archive_lakefile", "alerts_webhook"]
    assert not links(user) & {page(name) for name in [*closed, *(f"{name}_changelist" for name in tables)]}


def test_pages_that_had_no_entry_are_offered_to_those_who_work_there() -> None:
    operator, approver = (person(kind, roles=[f"city-{kind}"]) for kind in ("operator", "approver"))
    tables = ["pulls_source", "sensing_quarantinedrow", "sensing_device", "sensing_cleaningrule"]
    assert {page(f"{name}_changelist") for name in tables} | {page("alarm_rules")} <= links(operator)
    assert {page("alerts_webhook_changelist"), page("waiting")} <= links(approver)


def test_every_page_of_every_menu_opens_and_the_walk_in_the_browser_meets_it() -> None:
    roles = [f"{domain.slug}-{kind}" for domain in all_domains() for kind in CAPABILITIES]
    people = {role: person(role, roles=[role], clearance=Grade.L4) for role in roles}
    people |= {office: person(office, office=office) for office in OFFICES}
    offered: dict[str, str] = {}
    for name, user in people.items():
        offered = dict.fromkeys(links(user), name) | offered
    refused = {
        f"{name} {link}": answer.status_code
        for link, name in offered.items()
        if (answer := logged_in(people[name]).get(link)).status_code != 200
    }
    assert not refused
    walked = set().union(*(links(people[role]) for role in WALKERS.values() if role))
    assert offered.keys() - walked == set()


def test_the_open_page_is_marked_and_a_folded_group_unfolds_for_it() -> None:
    user = person("approver", roles=["city-approver"])
    groups = menu(user, page("archive_legalhold_changelist"))
    active = [item["link"] for group in groups for item in group["items"] if item["active"]]
    assert active == [page("archive_legalhold_changelist")]
    assert not any(group["folded"] for group in groups if str(group.get("title")) == "Archive")
    shut = next(group for group in menu(user) if str(group.get("title")) == "Archive")
    assert shut["folded"]


def test_an_empty_page_says_who_can_change_that_and_says_it_right_to_them() -> None:
    reader, analyst = (person(kind, roles=[f"city-{kind}"]) for kind in ("viewer", "analyst"))
    for_reader = logged_in(reader).get(page("forecasts")).content.decode()
    assert "This is done by: analyst" in for_reader or "This is done by: operator" in for_reader
    for_analyst = logged_in(analyst).get(page("models")).content.decode()
    assert "This is done by" not in for_analyst
    assert page("runs") in for_analyst
