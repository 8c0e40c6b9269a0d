"""The second factor: who must have one, what is closed without it, and codes that count once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.data import NOBODY, Capability, Office
from apps.accounts.models import User
from apps.accounts.selectors import needs_second_factor, viewer_for
from apps.accounts.services.second_factor import factor_check, factors_reset, totp_enrol
from apps.audit.models import AccessEntry
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.portal.pages import PAGES
from tests.people import PASSWORD, everybody, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weak_logins")]
SECRET = "JBSWY3DPEHPK3PXP"
FACTOR, CHECK = "/portal/second-factor/", "/portal/second-factor/check/"
API = (
    "/api/v1/accounts/me/",
    "/api/schema/",
    "/tiles/roads/9/423/220.mvt",
    "/ogc/collections",
    "/sta/v1.1/Things",
)


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


def code(step: int = 0) -> str:
    """The code of this half minute, or of one ``step`` later."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def enrolled(username: str = "sys", office: str = "system") -> tuple[User, list[str]]:
    """An administrator whose app has shown the code of the half minute before."""
    user = person(username, office=office)
    return user, totp_enrol(user, secret=SECRET, code=code(-1))


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="apps.accounts.backends.SealedBackend")
    return client


def left_open(client: Client) -> SessionBase:
    """The client's session, six minutes after the password."""
    session = client.session
    session["session_started"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    return session


@pytest.mark.parametrize(
    ("viewer", "needed"),
    [
        (NOBODY, False),
        (replace(NOBODY, office=Office.AUDITOR), True),
        (replace(NOBODY, rights=frozenset({("city", Capability.APPROVE)})), True),
        (replace(NOBODY, rights=frozenset({("city", Capability.VIEW)}), clearance=Grade.L2), False),
        (replace(NOBODY, rights=frozenset({("city", Capability.VIEW)}), clearance=Grade.L3), True),
    ],
)
def test_who_can_reveal_approve_or_administer_needs_a_second_factor(viewer: object, needed: bool) -> None:
    assert needs_second_factor(viewer) is needed  # type: ignore[arg-type]  # parametrize loses the type


def test_without_it_the_privileged_get_no_page_and_no_data() -> None:
    pages = [reverse("admin:index"), "/map/", "/portal/accounts/user/"]
    pages += [f"/portal/{route}" for route, _view, name in PAGES if "<" not in route and "factor" not in name]
    for role, user in everybody().items():
        if not needs_second_factor(viewer_for(user)):
            continue
        client = entered(user)
        for path in pages:
            answer = client.get(path)
            assert (answer.status_code, answer.headers.get("Location", "")[: len(FACTOR)]) == (302, FACTOR), (
                role,
                path,
            )
        assert {client.get(path).status_code for path in API} == {403}, role


def test_who_needs_none_is_not_asked() -> None:
    assert entered(person("bo", roles=["city-viewer"])).get("/portal/").status_code == 200


def test_an_installation_that_only_offers_it_says_so_by_setting(settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    assert entered(person("sys", office="system")).get("/portal/").status_code == 200


def test_the_first_login_leads_to_enrolment_and_shows_recovery_codes_once() -> None:
    client = entered(person("sys", office="system"))
    page = client.get(FACTOR)
    assert b"<svg" in page.content
    secret = client.session["second_factor_pending"]
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(f"{FACTOR}app/", {"code": right})
    assert len(answer.context["codes"]) == 10
    assert client.get("/portal/").status_code == 200
    assert not client.get(FACTOR).context["codes"]


def test_a_session_that_was_left_open_binds_no_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    client = entered(person("bo", roles=["city-viewer"]))
    client.get("/portal/")
    session = left_open(client)
    page = client.get(FACTOR)
    assert "secret" not in page.context
    assert b"/portal/confirm/?next=" in page.content
    session["second_factor_pending"] = SECRET
    session.save()
    for path, body in (("app", {"code": code()}), ("key", {"name": "x", "credential": "{}"})):
        assert client.post(f"{FACTOR}{path}/", body)["Location"] == FACTOR
    assert not Authenticator.objects.exists()
    assert client.post("/portal/confirm/", {"password": PASSWORD}).status_code == 302
    assert client.post(f"{FACTOR}app/", {"code": code()}).status_code == 200
    assert Authenticator.objects.exists()


def test_whoever_is_asked_for_a_first_factor_late_logs_in_again() -> None:
    client = entered(person("sys", office="system"))
    client.get(FACTOR)
    left_open(client)
    page = client.get(FACTOR)
    assert "secret" not in page.context
    assert b"log in again" in page.content
    assert client.get("/portal/confirm/")["Location"].startswith(FACTOR)


def test_whoever_has_a_factor_gives_it_even_where_it_is_only_offered(settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    user = person("bo", roles=["city-viewer"])
    totp_enrol(user, secret=SECRET, code=code(-1))
    client = entered(user)
    assert client.get("/portal/")["Location"].startswith(FACTOR)
    assert {client.get(path).status_code for path in API} == {403}
    client.post(CHECK, {"code": code()})
    assert client.get("/portal/").status_code == 200


def test_a_wrong_code_enrols_nothing() -> None:
    client = entered(person("sys", office="system"))
    client.get(FACTOR)
    assert client.post(f"{FACTOR}app/", {"code": "000000"}).status_code == 400
    assert not Authenticator.objects.exists()


def test_a_code_opens_once_and_its_replay_is_refused_and_recorded() -> None:
    user, _codes = enrolled()
    now = code()
    assert entered(user).post(CHECK, {"code": now}).status_code == 302
    assert entered(user).post(CHECK, {"code": now}).status_code == 400
    assert entered(user).post(CHECK, {"code": code(-1)}).status_code == 400  # an older one too
    results = (
        AccessEntry.objects.filter(action="second factor").order_by("id").values_list("result", flat=True)
    )
    assert list(results) == ["done", "refused", "refused"]


def test_a_recovery_code_opens_once() -> None:
    user, codes = enrolled()
    factor_check(user, code=codes[0])
    with pytest.raises(ProblemError):
        factor_check(user, code=codes[0])


def test_after_five_wrong_codes_even_the_right_one_waits() -> None:
    user, _codes = enrolled()
    client = entered(user)
    assert {client.post(CHECK, {"code": "000000"}).status_code for _ in range(5)} == {400}
    assert client.post(CHECK, {"code": code()}).status_code == 429


def test_a_password_alone_adds_no_further_factor() -> None:
    user, _codes = enrolled()
    client = entered(user)
    assert "picture" not in client.get(FACTOR).context
    assert client.post(f"{FACTOR}key/", {"credential": "{}"}).status_code == 302
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 0


@pytest.mark.parametrize("credential", ["", "{", "[]", "{}", '{"id": 1}', "[" * 5000])
def test_a_broken_credential_is_refused_in_words(credential: str) -> None:
    client = entered(person("sys", office="system"))
    client.get(FACTOR)
    assert client.post(f"{FACTOR}key/", {"credential": credential}).status_code == 400


def test_the_secret_is_not_kept_clear() -> None:
    enrolled()
    assert SECRET not in str(Authenticator.objects.get(type="totp").data)


def test_the_session_key_changes_with_the_factor() -> None:
    user, _codes = enrolled()
    client = entered(user)
    before = client.session.session_key
    client.post(CHECK, {"code": code()})
    assert client.session.session_key != before
    assert client.get("/portal/").status_code == 200


def test_nobody_resets_his_own_factor() -> None:
    user, _codes = enrolled()
    with pytest.raises(ProblemError):
        factors_reset(user, by=user)
    assert factors_reset(user, by=person("sec", office="security")) == 2


def test_the_next_address_stays_on_this_site() -> None:
    user, _codes = enrolled()
    answer = entered(user).post(CHECK, {"code": code(), "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/portal/"
