"""The three administrators: accounts, rights, log, each apart from the others."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from apps.accounts.models import ApiKey, Division, RoleGrant, User
from apps.audit.services import Act, access_record
from tests.people import business_role, division, person
from tests.portal import builders

pytestmark = pytest.mark.django_db
NEW = {"username": "fresh", "password1": "Blue-Tractor-95-sings", "password2": "Blue-Tractor-95-sings"}


def grant_form(user: User) -> dict[str, object]:
    return {"user": user.pk, "role": business_role("city", "viewer").pk}


def test_the_system_administrator_makes_an_account_that_must_change_its_password() -> None:
    client = builders.logged_in(person("sys", office="system"))
    assert client.post(reverse("admin:accounts_user_add"), NEW).status_code == 302
    fresh = User.objects.get(username="fresh")
    assert fresh.must_change_password
    assert fresh.check_password(NEW["password1"])


def test_the_system_administrator_grants_nothing() -> None:
    client = builders.logged_in(person("sys", office="system"))
    other = person("other")
    assert client.post(reverse("admin:accounts_rolegrant_add"), grant_form(other)).status_code == 403
    assert not RoleGrant.objects.filter(user=other).exists()


def test_the_security_administrator_grants_to_others() -> None:
    security, other = person("sec", office="security"), person("other")
    builders.logged_in(security).post(reverse("admin:accounts_rolegrant_add"), grant_form(other))
    assert RoleGrant.objects.get(user=other).granted_by == security


def test_the_security_administrator_does_not_grant_to_himself() -> None:
    security = person("sec", office="security")
    answer = builders.logged_in(security).post(reverse("admin:accounts_rolegrant_add"), grant_form(security))
    assert "user" in answer.context["adminform"].form.errors
    assert RoleGrant.objects.filter(user=security).count() == 1


def test_the_security_administrator_makes_no_account() -> None:
    client = builders.logged_in(person("sec", office="security"))
    assert client.post(reverse("admin:accounts_user_add"), NEW).status_code == 403


def test_nobody_raises_his_own_clearance() -> None:
    security = person("sec", office="security")
    client, url = builders.logged_in(security), reverse("admin:accounts_user_change", args=[security.pk])
    client.post(url, {"clearance": 4})
    assert User.objects.get(pk=security.pk).clearance == 2


def test_a_grant_is_ended_by_another() -> None:
    grant = person("other", roles=["city-viewer"]).grants.get()
    client = builders.logged_in(person("sec", office="security"))
    data = {"action": "end_grants", "_selected_action": grant.pk}
    client.post(reverse("admin:accounts_rolegrant_changelist"), data)
    assert RoleGrant.objects.get(pk=grant.pk).valid_until is not None


def test_a_new_key_of_devices_is_shown_once_and_is_nobodys_else() -> None:
    client = builders.logged_in(person("sec", office="security"))
    victim = person("victim", roles=["city-approver"])
    data = {"name": "pole", "user": victim.pk, "domain": "city", "scopes": ["read"]}
    answer = client.post(reverse("admin:accounts_apikey_add"), data, follow=True)
    assert "cp_" in answer.content.decode()
    key = ApiKey.objects.get()
    assert (key.scopes, key.user.username) == (["ingest"], "devices.city")
    assert not key.user.has_usable_password()


@pytest.mark.parametrize("office", ["system", "auditor"])
def test_no_other_office_makes_keys(office: str) -> None:
    client = builders.logged_in(person(office, office=office))
    answer = client.post(reverse("admin:accounts_apikey_add"), {"name": "pole", "domain": "city"})
    assert answer.status_code == 403
    assert not ApiKey.objects.exists()


def test_only_the_auditor_reads_the_log_and_nobody_changes_it() -> None:
    entry, url = access_record(Act("login")), reverse("admin:audit_accessentry_changelist")
    auditor = builders.logged_in(person("aud", office="auditor"))
    row = reverse("admin:audit_accessentry_change", args=[entry.pk])
    for address in (url, f"{url}?action__exact=login", row):
        assert auditor.get(address).headers["Location"] == reverse("admin:access_log")
    assert auditor.get(reverse("admin:access_log")).status_code == 200
    assert auditor.post(row, {}).status_code == 403
    assert builders.logged_in(person("sys", office="system")).get(url).status_code == 403


def test_the_home_page_of_the_auditor_leads_to_the_log_for_people() -> None:
    page = builders.logged_in(person("aud", office="auditor")).get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("admin:access_log")}"' in page
    assert "accessentry" not in page


def test_the_password_page_changes_the_password_and_ends_the_duty() -> None:
    user = person("viewer", roles=["city-viewer"])
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    new = {"new_password1": NEW["password1"], "new_password2": NEW["password1"]}
    answer = builders.logged_in(user).post(
        reverse("admin:password_change"), {"old_password": builders.PASSWORD, **new}
    )
    assert answer.status_code == 302
    assert not User.objects.get(pk=user.pk).must_change_password


def test_the_security_administrator_resets_a_lost_second_factor_and_no_password() -> None:
    lost = person("lost", roles=["city-viewer"])
    Authenticator.objects.create(user=lost, type="totp", data={})
    data = {"action": "forget_factors", "_selected_action": lost.pk}
    url = reverse("admin:accounts_user_changelist")
    builders.logged_in(person("sys", office="system")).post(url, data)
    assert Authenticator.objects.exists()
    builders.logged_in(person("sec", office="security")).post(url, data)
    assert not Authenticator.objects.exists()


def test_ending_a_division_and_naming_its_successor_takes_two_administrators() -> None:
    old, new = division("359901"), division("359902")
    url = reverse("admin:accounts_division_change", args=[old.pk])
    system = builders.logged_in(person("sys", office="system"))
    ended = {"name_zh": "旧区", "name_en": "", "valid_from": "2020-01-01", "valid_to": "2025-01-01"}
    assert system.post(url, {**ended, "successor": new.pk}).status_code == 302
    old.refresh_from_db()
    assert (old.valid_to, old.successor) == (date(2025, 1, 1), None)
    security = builders.logged_in(person("sec", office="security"))
    assert security.post(url, {**ended, "valid_to": "2035-01-01", "successor": new.pk}).status_code == 302
    old.refresh_from_db()
    assert (old.valid_to, old.successor) == (date(2025, 1, 1), new)


def test_a_new_division_has_no_successor() -> None:
    successor = division("359902")
    system = builders.logged_in(person("sys", office="system"))
    form = {"code": "359901", "name_zh": "新区", "valid_from": "2020-01-01", "successor": successor.pk}
    assert system.post(reverse("admin:accounts_division_add"), form).status_code == 302
    assert Division.objects.get(code="359901").successor is None
