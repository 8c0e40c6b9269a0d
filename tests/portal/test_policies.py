"""The policy pages: what the security office can do there, and that nobody else finds them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from apps.audit.services import Act, access_record
from apps.domains.city.models import ServiceRequest
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


def test_a_field_is_named_as_people_call_it_and_a_refusal_keeps_what_was_filled_in(author: Client) -> None:
    draft = drafted(author)
    address = reverse("admin:policy_rule", args=[draft.pk])
    author.post(address, {"remove": "no-phones"})
    title = str(ServiceRequest._meta.get_field("reporter_phone").verbose_name)
    offered = author.get(reverse("admin:policy", args=[draft.pk])).content.decode()
    assert f'<option value="{escape(title)}" label="service request' in offered
    wrong = {
        **RULE,
        "field": "no such thing",
        "note": "kept note",
        "purposes": "teaching",
        "least_grade": "3",
    }
    answer = author.post(address, {**wrong, "roles": ["security"], "effect": "mask"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert title in str(answer.context["fault"].detail)
    for kept in ("no-phones", "no such thing", "kept note", "teaching"):
        assert f'value="{kept}"' in page
    for kept in ("city.ServiceRequest", "mask", "3", "security"):
        assert f'<option value="{kept}" selected>' in page
    assert not draft.rules.exists()
    assert author.post(address, {**RULE, "field": title.upper()}).status_code == 302
    assert draft.rules.get().field == "reporter_phone"
