"""Service requests and uploads as a clerk meets them in Chromium."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.core.grades import Grade
from apps.domains.city.models import RequestReply, RequestState, RoadSegment, ServiceRequest
from apps.sensing.models import Upload
from apps.sensing.selectors import upload_get
from apps.sensing.services.uploads import upload_import
from tests.city.builders import service_request
from tests.people import PASSWORD, department, person
from tests.portal import builders

SHOTS = os.environ.get("SHOTS", "")  # a folder for pictures of each page, to look at
SLOW = 60_000  # milliseconds: the machine is shared
expect.set_options(timeout=SLOW)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (Path(__file__).resolve().parents[2] / "static/vendor/@alpinejs").exists(),
        reason="browser libraries are not copied yet: 'make test' does it",
    ),
]
READINGS = (
    "时间,设备编号,读数\n2026-11-02 20:00:00,city.R1.speed,50\n2026-11-02 20:01:00,city.R9.speed,51\n"
    "2026-11-02 20:02:00,city.R1.speed,很快\n2026-11-02 20:03:00,city.R1.speed,999\n"
)


def streets() -> None:
    for number in range(-6, 7):
        for code, line in (
            (f"V{number}", LineString((118.0512 + number / 500, 24.44), (118.0512 + number / 500, 24.47))),
            (f"H{number}", LineString((118.03, 24.4567 + number / 600), (118.07, 24.4567 + number / 600))),
        ):
            name = f"中山路{number + 7}段" if code[0] == "H" else f"海滨路{number + 7}段"
            RoadSegment.objects.create(
                code=code,
                name=name,
                name_en=f"Road {code}",
                road_class="arterial" if number == 1 else "local",
                speed_limit=50,
                length=900,
                geometry=line,
            )


def entered(page: Page, url: str, username: str, *, clearance: Grade = Grade.L3) -> None:
    """Log in as a clerk who reads English; the page itself watches for script errors."""
    page.set_default_timeout(SLOW)
    user = person(username, roles=["city-operator"], clearance=clearance)
    User.objects.filter(pk=user.pk).update(language="en")
    page.goto(f"{url}/portal/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/portal/")


def pictured(page: Page, name: str) -> None:
    """Pictures of the page in both languages and two sizes, where somebody asks for them."""
    if not SHOTS:
        return
    for language in ("zh-hans", "en"):
        User.objects.update(language=language)
        for width, height in ((1366, 768), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            page.reload()
            page.wait_for_timeout(400)
            page.screenshot(path=f"{SHOTS}/{name}-{language}-{width}.png", full_page=True)
    User.objects.update(language="en")
    page.reload()


def test_a_clerk_finds_handles_and_answers_a_request_and_plans_a_round(page: Page, live_server: Any) -> None:
    streets()
    first, second = service_request("HC-00001"), service_request("HC-00002", state=RequestState.ASSIGNED)
    entered(page, live_server.url, "clerk")
    page.goto(f"{live_server.url}/portal/city/servicerequest/")
    expect(page.locator(".tabs.views [aria-current]")).to_contain_text("Open")
    pictured(page, "requests")
    page.click(".tabs.views a:has-text('Unassigned')")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.click("#result_list a:has-text('HC-00001')")
    expect(page.locator("svg.sketch .here")).to_be_visible()
    page.fill("#reply-text", "Called back, a crew comes tomorrow.")
    page.click("button[name=_reply]")
    expect(page.locator(".replies")).to_contain_text("a crew comes tomorrow")
    assert RequestReply.objects.get().request_id == first.pk
    pictured(page, "request")
    ServiceRequest.objects.filter(pk=first.pk).update(state="assigned", department=department())
    page.select_option("#id_category", "noise")
    page.click("[name=_save]")
    expect(page.locator("#content-main")).to_contain_text("Somebody has changed this request")
    assert ServiceRequest.objects.get(pk=first.pk).category == "other"
    assert page.input_value("#id_state") == "assigned"
    page.click("[name=_save]")
    page.wait_for_url("**/portal/city/servicerequest/**")
    assert ServiceRequest.objects.get(pk=first.pk).category == "noise"
    page.goto(f"{live_server.url}/portal/city/servicerequest/?view=mine")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    for row in page.locator("input.action-select").all():
        row.check()
    page.select_option("select[name=action]", "plan_round")
    page.click("#changelist-actions button[type=submit]")
    page.wait_for_url("**/portal/plans/new/**")
    assert f"sites={first.number}%2C{second.number}" in page.url


def test_a_masked_place_is_a_square_on_the_page(page: Page, live_server: Any) -> None:
    streets()
    row = service_request("HC-00001")
    entered(page, live_server.url, "clerk", clearance=Grade.L2)
    page.goto(f"{live_server.url}/portal/city/servicerequest/{row.pk}/change/")
    expect(page.locator("svg.sketch .cell")).to_be_visible()
    expect(page.locator("svg.sketch .here")).to_have_count(0)
    pictured(page, "request-masked")


def test_a_clerk_uploads_a_file_and_reads_what_became_of_it(
    page: Page, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    builders.stream()
    file = tmp_path / "读数.csv"
    file.write_text(READINGS, encoding="utf-8")
    entered(page, live_server.url, "clerk")
    page.goto(f"{live_server.url}/portal/uploads/")
    page.set_input_files("#file", str(file))
    page.click("form[enctype] button.primary")
    expect(page.locator("#time")).to_have_value("时间")
    expect(page.locator(".note.warn")).to_contain_text("city.R9.speed")
    pictured(page, "upload-mapping")
    page.select_option("#result", "")
    page.click(".row.end button.primary")
    expect(page.locator("#fault")).to_contain_text("Choose one of the file's columns.")
    page.select_option("#result", "读数")
    page.click(".row.end button.primary")
    page.wait_for_url("**/portal/uploads/*/")
    upload_import(upload_get(Upload.objects.get().pk))
    page.reload()
    expect(page.locator("body")).to_contain_text("There is no datastream “city.R9.speed” here.")
    expect(page.locator("body")).to_contain_text("999 km/h")
    expect(page.locator("body")).not_to_contain_text("phenomenonTime")
    pictured(page, "upload")
    page.goto(f"{live_server.url}/portal/sensing/quarantinedrow/")
    pictured(page, "quarantine")
