"""The policy pages: what the security office can do there, and that nobody else finds them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.audit.services import Act, access_record
from apps.privacy.models import PolicyVersion
from tests.people import business_role, person
from tests.portal import builders

pytestmark = pytest.mark.django_db
RULE = {
    "key": "no-phones",
    "object_type": "city.ServiceRequest",
    "field": "reporter_phone",
    "effect": "hide",
    "mask": "none",
    "least_grade": "1",
}


@pytest.fixture
def author() -> Client:
    return builders.logged_in(person("author", office="security"))


def drafted(author: Client) -> PolicyVersion:
    author.post(reverse("admin:policy_draft"), {"reason": "fewer telephones"})
    draft = PolicyVersion.objects.get()
    author.post(reverse("admin:policy_rule", args=[draft.pk]), RULE)
    return draft


def test_two_administrators_put_a_version_in_force(author: Client) -> None:
    draft = drafted(author)
    assert draft.rules.count() == 1
    deed = reverse("admin:policy_act", args=[draft.pk])
    author.post(deed, {"act": "propose"})
    assert author.post(deed, {"act": "approve"}).status_code == 403
    builders.logged_in(person("other", office="security")).post(deed, {"act": "approve"})
    assert PolicyVersion.objects.get().state == "in_force"


def test_the_page_shows_what_changes_and_last_week(author: Client) -> None:
    clerk = person("clerk", roles=["city-operator"])
    access_record(Act("read", clerk.pk, "city.ServiceRequest", fields=("reporter_phone",)))
    page = author.get(reverse("admin:policy", args=[drafted(author).pk])).content.decode()
    assert "<td>operator</td>" in page
    assert "City · service request" in page
    assert "1 of 1 requests would have been answered differently" in page


def test_a_version_that_locks_people_out_says_so_before_anybody_proposes_it(author: Client) -> None:
    business_role("hospital", "viewer")
    draft = drafted(author)
    rule = {**RULE, "key": "all", "object_type": "hospital.Ward", "field": ""}
    author.post(reverse("admin:policy_rule", args=[draft.pk]), rule)
    page = author.get(reverse("admin:policy", args=[draft.pk])).content.decode()
    assert "This version cannot come into force" in page
    author.post(reverse("admin:policy_act", args=[draft.pk]), {"act": "propose"})
    assert PolicyVersion.objects.get().state == "draft"


def test_a_rule_is_taken_out_and_a_draft_withdrawn(author: Client) -> None:
    draft = drafted(author)
    author.post(reverse("admin:policy_rule", args=[draft.pk]), {"remove": "no-phones"})
    assert not draft.rules.exists()
    author.post(reverse("admin:policy_act", args=[draft.pk]), {"act": "withdraw"})
    assert PolicyVersion.objects.get().state == "withdrawn"


def test_the_auditor_reads_and_others_find_nothing(author: Client) -> None:
    draft, auditor = drafted(author), builders.logged_in(person("auditor", office="auditor"))
    page = auditor.get(reverse("admin:policy", args=[draft.pk])).content.decode()
    assert "no-phones" in page
    assert reverse("admin:policy_act", args=[draft.pk]) not in page
    viewer = builders.logged_in(person("viewer", roles=["city-viewer"]))
    assert viewer.get(reverse("admin:policies")).status_code == 403
    assert viewer.get(reverse("admin:policy", args=[draft.pk])).status_code == 404
