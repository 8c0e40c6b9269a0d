"""Passwords, lockout and the end of sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import password_change, stale_accounts_disable
from apps.accounts.services.keys import api_key_create, api_key_revoke
from apps.audit.models import AccessEntry
from tests.people import person

pytestmark = pytest.mark.django_db
GOOD = "Correct-horse-7-battery"


@pytest.mark.parametrize("weak", ["Short-1", "alllowercaseletters", "Password123", "1234567890-A"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak)


def test_the_last_five_passwords_may_not_come_back() -> None:
    user = person("ana")
    for number in range(4):
        password_change(user, password=f"Violet-kettle-{number}-moon!")
    with pytest.raises(ValidationError):
        validate_password(GOOD, user)


def login(client: Client, username: str, password: str) -> int:
    return client.post("/portal/login/", {"username": username, "password": password}).status_code


def test_the_sixth_try_is_locked_out_and_recorded_but_a_colleague_still_logs_in(client: Client) -> None:
    person("ana"), person("bo")
    for _ in range(5):
        login(client, "ana", "wrong")
    assert login(client, "ana", GOOD) == 429
    assert AccessEntry.objects.filter(action="lockout").exists()
    assert login(client, "bo", GOOD) == 302


def test_an_idle_session_ends(client: Client) -> None:
    user = person("ana", roles=["city-viewer"])
    client.force_login(user)
    client.get("/portal/")
    session = client.session
    session["session_seen"] = (timezone.now() - timedelta(minutes=31)).isoformat()
    session.save()
    assert client.get("/portal/").status_code == 302


def test_an_administrators_session_ends_sooner(client: Client) -> None:
    client.force_login(person("sys", office="system"))
    client.get("/portal/")
    session = client.session
    session["session_seen"] = (timezone.now() - timedelta(minutes=16)).isoformat()
    session.save()
    assert client.get("/portal/").status_code == 302


def test_a_session_ends_after_twelve_hours(client: Client) -> None:
    client.force_login(person("ana"))
    client.get("/portal/")
    session = client.session
    session["session_started"] = (timezone.now() - timedelta(hours=13)).isoformat()
    session.save()
    assert client.get("/portal/").status_code == 302


def test_an_administrator_has_one_session_at_a_time(client: Client) -> None:
    user, other = person("sys", office="system"), Client()
    client.force_login(user)
    other.force_login(user)
    assert client.get("/portal/").status_code == 302
    assert other.get("/portal/").status_code == 200


def test_others_may_have_two_sessions(client: Client) -> None:
    user, other = person("ana", roles=["city-viewer"]), Client()
    client.force_login(user)
    other.force_login(user)
    assert client.get("/portal/").status_code == 200


def test_an_old_password_leads_to_its_change_first(client: Client) -> None:
    user = person("ana")
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    client.force_login(user)
    assert client.get("/map/").url == "/portal/password_change/"


def test_stale_accounts_are_disabled() -> None:
    person("ana"), person("bo")
    User.objects.filter(username="ana").update(date_joined=timezone.now() - timedelta(days=100))
    assert stale_accounts_disable() == 1
    assert not User.objects.get(username="ana").is_active


def test_a_key_reads_until_it_is_revoked(client: Client) -> None:
    key, text = api_key_create(person("dee"), name="app", domain="city", scopes=["read"])
    headers = {"authorization": f"Bearer {text}"}
    assert client.get("/api/v1/accounts/me/", headers=headers).json()["username"] == "dee"
    api_key_revoke(key)
    assert client.get("/api/v1/accounts/me/", headers=headers).status_code == 401


def test_the_key_itself_is_not_stored() -> None:
    key, text = api_key_create(person("dee"), name="app", domain="city", scopes=["read"])
    assert text not in {str(value) for value in vars(key).values()}


def test_a_disabled_account_is_recorded(django_capture_on_commit_callbacks: Any) -> None:
    user = person("ana")
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=100))
    with django_capture_on_commit_callbacks(execute=True):
        stale_accounts_disable()
    assert AccessEntry.objects.filter(action="disable", object_id=str(user.pk)).exists()
