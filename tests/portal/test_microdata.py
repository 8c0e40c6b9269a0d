"""The page of releases: asked for by one person, approved by another, fetched by the first."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.accounts.models import Role
from apps.core.grades import Grade
from tests.people import person
from tests.privacy.test_microdata import stays

pytestmark = pytest.mark.django_db
PAGE = "/portal/microdata/"


def client_of(name: str, *, roles: list[str], clearance: Grade = Grade.L2) -> Client:
    client = Client()
    client.force_login(person(name, roles=roles, clearance=clearance))
    return client


def test_a_release_goes_its_way_over_the_page() -> None:
    stays(60)
    asker = client_of("asker", roles=["hospital-analyst"], clearance=Grade.L4)
    Role.objects.filter(key="hospital-analyst").update(purposes=["research"])
    approver = client_of("approver", roles=["hospital-approver"])
    assert "Diagnosis" in asker.get(PAGE, {"table": "hospital.encounters"}).content.decode()
    wish = {"table": "hospital.encounters", "columns": ["sex", "diagnosis"], "purpose": "research"}
    asker.post(f"{PAGE}ask/", {**wish, "recipient": "Statistics"})
    shown = approver.get(PAGE).content.decode()
    number = re.findall(r"/microdata/(\d+)/decide/", shown)[0]
    approver.post(f"{PAGE}{number}/decide/", {"answer": "approve"})
    answer = asker.get(f"{PAGE}{number}/file/", {"file": "csv"})
    assert answer.content.decode("utf-8-sig").startswith("person,sex,diagnosis")
    assert approver.get(f"{PAGE}{number}/file/").status_code == 403


def test_the_page_says_what_was_refused_and_breaks_on_nothing() -> None:
    asker = client_of("asker", roles=["hospital-analyst"])
    wish = {"table": "hospital.encounters", "columns": ["diagnosis"], "purpose": "x", "recipient": "y"}
    assert asker.post(f"{PAGE}ask/", wish).status_code == 403
    shown = asker.post(f"{PAGE}ask/", {"table": "hospital.encounters"}, follow=True).content.decode()
    assert "Choose columns of" in shown
