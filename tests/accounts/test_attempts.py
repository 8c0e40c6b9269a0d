"""Every form that takes a password, code or secret counts; the caller's address cannot be made up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.proxies import TrustedProxies
from tests.people import person

JSON = "application/json"
pytestmark = pytest.mark.django_db
GOOD, NEW = "Correct-horse-7-battery", "Violet-kettle-9-moon!"
WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "confirm by password": ("/portal/confirm/", {"password": "wrong"}),
    "confirm by code": ("/portal/confirm/", {"code": "000000"}),
    "confirm by REST": ("/api/v1/accounts/confirm/", {"password": "wrong"}),
    "second factor": ("/portal/second-factor/check/", {"code": "000000"}),
    "enrolment": ("/portal/second-factor/app/", {"code": "000000"}),
    "password": (
        "/portal/password_change/",
        {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW},
    ),
}


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    cache.clear()


def entered() -> Client:
    """Somebody who is logged in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("ana", roles=["city-viewer"]))
    return client


def attempt(client: Client, form: str, **extra: str) -> None:
    """Give the wrong answer once, as a form of the portal or as a body of the API."""
    path, values = WRONG[form]
    if path.startswith("/api/"):
        client.post(path, values, content_type=JSON, **extra)
    else:
        client.post(path, values, **extra)


@pytest.mark.parametrize("form", WRONG)
def test_after_five_wrong_attempts_the_right_one_is_refused_at_every_form(form: str) -> None:
    client = entered()
    client.get(reverse("admin:second_factor"))
    for _turn in range(5):
        attempt(client, form)
    confirmed = client.post("/api/v1/accounts/confirm/", {"password": GOOD}, content_type=JSON)
    assert (confirmed.status_code, confirmed.json()["errors"][0]["code"]) == (429, "locked_out")
    changed = client.post(
        "/portal/password_change/", {"old_password": GOOD, "new_password1": NEW, "new_password2": NEW}
    )
    assert changed.status_code == 200  # the form again, with the reason
    assert "Too many wrong attempts" in changed.content.decode()


def test_the_right_password_begins_the_count_anew() -> None:
    client = entered()
    for turn in range(12):
        right = turn % 4 == 3
        answer = client.post(
            "/api/v1/accounts/confirm/", {"password": GOOD if right else "wrong"}, content_type=JSON
        )
        assert answer.status_code == (204 if right else 400)


def test_another_session_and_another_address_do_not_begin_afresh() -> None:
    client = entered()
    for number in range(5):
        attempt(client, "confirm by REST", REMOTE_ADDR=f"203.0.113.{number}")
    other = Client()
    other.force_login(User.objects.get(username="ana"))
    answer = other.post(
        "/api/v1/accounts/confirm/", {"password": GOOD}, content_type=JSON, REMOTE_ADDR="203.0.113.99"
    )
    assert answer.status_code == 429


@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/introspect/"])
def test_secrets_of_programs_are_counted_by_program_and_address(path: str) -> None:
    body = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y", "token": "z"}
    statuses = [Client().post(path, body).status_code for _turn in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    assert Client().post(path, body, REMOTE_ADDR="203.0.113.9").status_code == 401


def asked(peer: str, forwarded: list[str], *, networks: list[str]) -> tuple[str, list[Any]]:
    """The caller's address that the application sees, and the headers that are left."""
    seen: dict[str, Any] = {}

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.update(scope)

    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    scope = {"type": "http", "client": (peer, 5), "headers": [(b"host", b"x"), *headers]}
    asyncio.run(TrustedProxies(application, networks=networks)(scope, None, None))
    return seen["client"][0], seen["headers"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "networks", "found"),
    [
        ("127.0.0.1", ["9.9.9.9"], [], "127.0.0.1"),
        ("8.8.8.8", ["9.9.9.9"], ["10.0.0.0/8"], "8.8.8.8"),
        ("10.0.0.2", ["9.9.9.9"], ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.2", ["6.6.6.6, 9.9.9.9"], ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.2", ["6.6.6.6, 9.9.9.9, 10.0.0.3"], ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.2", ["6.6.6.6", "9.9.9.9"], ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.2", ["10.7.7.7"], ["10.0.0.0/8"], "10.7.7.7"),
        ("10.0.0.2", ["<script>"], ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", ["9.9.9.9, unknown"], ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", ["9.9.9.9:80"], ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", [""], ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", [], ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", ["2001:db8::1"], ["10.0.0.0/8"], "2001:db8::1"),
    ],
)
def test_the_callers_address_is_believed_from_our_own_proxies_only(
    peer: str, forwarded: list[str], networks: list[str], found: str
) -> None:
    address, headers = asked(peer, forwarded, networks=networks)
    assert (address, headers) == (found, [(b"host", b"x")])
