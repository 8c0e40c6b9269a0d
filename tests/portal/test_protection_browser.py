"""Second factor, reveal and approvals in Chromium: under the content policy, open to all, keys included."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page

from apps.accounts.models import Role, User
from apps.accounts.services import access_grant_give
from apps.core.grades import Grade
from apps.domains.school.models import Student
from apps.privacy.models import MinorsRequest
from tests.people import person
from tests.portal import builders
from tests.portal.test_browser import WATCH, grave
from tests.privacy.school import NAME, pupil

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[[str], Page]


@pytest.fixture
def enter(page: Page, live_server: Any) -> Enter:
    """Logs somebody in by the form and stays where the login leads; security keys want a host name."""
    page.add_init_script(WATCH)

    def go(username: str) -> Page:
        User.objects.filter(username=username).update(language="en")
        base = live_server.url.replace("127.0.0.1", "localhost")
        page.goto(f"{base}/portal/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", builders.PASSWORD)
        page.click("#login-form button[type=submit]")
        page.wait_for_load_state()
        return page

    return go


def sound(shown: Page) -> None:
    assert shown.evaluate("window.violations") == []
    assert grave(shown) == []


@pytest.mark.usefixtures("weak_logins")
def test_the_first_login_sets_up_the_app_and_goes_on(enter: Enter) -> None:
    person("sys", office="system")
    shown = enter("sys")
    assert shown.locator(".qr svg").is_visible()
    sound(shown)
    secret = shown.locator(".key").text_content() or ""
    shown.fill("#code", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    shown.click("button:has-text('Set up')")
    shown.wait_for_selector(".codes")
    assert shown.locator(".codes li").count() == 10
    sound(shown)
    shown.click("text=I have written them down")
    shown.wait_for_url("**/portal/")


@pytest.mark.usefixtures("weak_logins")
def test_a_security_key_is_set_up_and_opens_the_next_session(enter: Enter) -> None:
    person("sec", office="security")
    shown = enter("sec")
    session = shown.context.new_cdp_session(shown)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    shown.fill("#name", "Blue key")
    shown.click("text=Add a security key")
    shown.wait_for_selector(".codes")
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    shown.context.clear_cookies()
    shown = enter("sec")
    sound(shown)
    shown.click("text=Use a security key")
    shown.wait_for_url("**/portal/")
    assert shown.evaluate("window.violations") == []


def reader() -> Student:
    user = person("tang", roles=["school-operator"], clearance=Grade.L4)
    Role.objects.filter(key="school-operator").update(purposes=["teaching"])
    until = timezone.now() + timedelta(days=1)
    approver = person("sun", roles=["school-approver"])
    access_grant_give(
        user, by=approver, until=until, object_type="school.Student", purpose="teaching", basis="test"
    )
    return pupil()


def test_a_field_is_revealed_under_a_watermark_and_leaves_the_page_at_the_end(enter: Enter) -> None:
    student = reader()
    shown = enter("tang")
    shown.goto(f"{shown.url.split('/portal/')[0]}/portal/school/student/{student.pk}/change/")
    shown.click("text=Reveal a masked field…")
    sound(shown)
    shown.fill("#ticket", "T-1")
    shown.select_option("#field", "name")
    shown.click("text=Reveal for five minutes")
    assert shown.locator("[data-secret]").text_content() == NAME
    assert shown.locator(".watermark").is_visible()
    sound(shown)
    shown.clock.install()
    shown.reload()
    shown.clock.fast_forward("05:01")
    shown.wait_for_selector("[data-over]:not([hidden])")
    assert NAME not in shown.content()


def test_the_approver_decides_on_a_page_that_is_open_to_all(enter: Enter) -> None:
    reader()
    row = MinorsRequest.objects.create(
        domain="school",
        asked_by=User.objects.get(username="tang"),
        object_type="school.Student",
        fields=["name"],
        purpose="teaching",
        reason="Visit",
        until=timezone.now() + timedelta(days=7),
    )
    shown = enter("sun")
    base = shown.url.split("/portal/")[0]
    for path in ("minors/", f"minors/{row.pk}/", "contractors/", "reveals/", "confirm/", "second-factor/"):
        shown.goto(f"{base}/portal/{path}")
        sound(shown)
    shown.goto(f"{base}/portal/minors/{row.pk}/")
    shown.click("button[value=approve]")
    shown.wait_for_selector(".badge.succeeded")
