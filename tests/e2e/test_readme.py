"""README's "What to try first", step by step in a real browser, in both languages.

Step 2 trains a model, which ``test_a_day`` does once; step 7 is ``make demo-traffic``.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.visiting import SLOW, Visit
from tests.stack import LiveStack

MASKED = re.compile(r"\d{3}\*{4}\d{4}")
TELEPHONE = re.compile(r"(?<![\d*])1\d{10}(?!\d)")


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_1_a_road_shows_its_last_day_and_the_page_turns_dark(visit: Visit) -> None:
    page = visit("lin.operator", "/map/")
    page.wait_for_selector("body[data-ready]")
    page.locator("#table tr[data-index]").first.click()
    expect(page.locator("#detail canvas, #detail svg").first).to_be_visible(timeout=SLOW)
    expect(page.locator("#detail .current")).not_to_be_empty()
    page.click("#theme")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_3_an_operator_plans_and_a_planner_publishes(visit: Visit) -> None:
    page = visit("lin.operator", "/portal/plans/new/?problem=city.inspection_rounds")
    page.fill("[name=p-time_limit]", "3")
    page.click("form:has([name=problem]) button.primary")
    page.wait_for_url(re.compile(r"/portal/plans/\d+/"))
    expect(page.locator(".badge.checked")).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-open=publish]")).to_have_count(0)
    planner = visit("zhao.planner", "/portal/" + page.url.partition("/portal/")[2])
    planner.click("[data-open=publish]")
    planner.click("#publish button.primary")
    expect(planner.locator(".badge.published")).to_be_visible(timeout=SLOW)
    planner.click("main a[href*='plan=']")
    expect(planner.locator("#stops .route").first).to_be_visible(timeout=SLOW)


def test_4_a_file_in_gb18030_with_names_of_its_own_is_stored_and_its_faults_are_said(
    visit: Visit, tmp_path: Path
) -> None:
    at = timezone.localtime() - timedelta(hours=2)
    rows = [
        ("采集时间", "测点", "车速"),
        (f"{at:%Y-%m-%d %H:%M:%S}", "city.R0001.speed", "41.5"),
        (f"{at:%Y-%m-%d %H:%M:%S}", "city.R0002.speed", "很快"),
        ("前天上午", "city.R0003.speed", "42"),
        (f"{at:%Y-%m-%d %H:%M:%S}", "city.Q9999.speed", "43"),
    ]
    file = tmp_path / "车速.csv"
    file.write_bytes("\r\n".join(",".join(row) for row in rows).encode("gb18030"))
    page = visit("lin.operator", "/portal/uploads/")
    page.select_option("#domain", "city")
    page.set_input_files("#file", file)
    page.click("form:has(#file) button.primary")
    page.wait_for_url(re.compile(r"/portal/uploads/\d+/"))
    page.select_option("#time", "采集时间")
    page.select_option("#datastream", "测点")
    page.select_option("#result", "车速")
    page.click("form:has(#time_zone) button.primary")
    quarantine = page.locator("main")
    for cell in ("很快", "前天上午", "city.Q9999.speed"):
        expect(quarantine).to_contain_text(cell, timeout=SLOW)
    for code in ("phenomenonTime", "{'", "datastream_id"):
        expect(quarantine).not_to_contain_text(code)
    assert page.locator("dl.facts dd.big").all_inner_texts()[4] == "3", "three rows are in quarantine"


def test_5_a_viewer_sees_masks_in_list_map_api_and_export(visit: Visit, live_stack: LiveStack) -> None:
    page = visit("wang.viewer", "/portal/city/servicerequest/")
    assert MASKED.search(page.locator("#result_list").inner_text())
    assert not TELEPHONE.search(page.content())
    api = page.request.get(f"{live_stack.web_url}/api/v1/city/requests/?limit=50").text()
    assert MASKED.search(api)
    assert not TELEPHONE.search(api)
    page.goto(f"{live_stack.web_url}/map/#table=city.requests")
    page.wait_for_selector("body[data-ready]")
    page.locator("#table tr[data-index]").first.click()
    expect(page.locator("#detail h2")).not_to_be_empty()
    assert not TELEPHONE.search(page.locator("body").inner_text())
    health = visit("luo.health", "/portal/city/servicerequest/")
    assert health.locator("#result_list tbody tr").count() == 0


def test_6_each_role_keeps_to_its_own(visit: Visit, live_stack: LiveStack) -> None:
    teacher = visit("li.teacher", "/portal/school/student/")
    shown = teacher.locator("#result_list tbody tr").count()
    (every,) = live_stack.sql("SELECT count(*) FROM school_student")[0]
    assert 0 < shown < every
    vendor = visit("wei.vendor", "/portal/synthetic/")
    vendor.locator("main tbody a").first.click()
    invented = vendor.locator("main tbody tr").all_inner_texts()
    assert invented
    real = {row[0] for row in live_stack.sql("SELECT pseudonym FROM school_student")}
    assert not [code for code in real if code in "\n".join(invented)]
    principal = visit("he.principal", "/portal/minors/")
    expect(principal.locator("main h2").first).to_be_visible()
    auditor = visit("auditor", "/portal/who-saw/")
    (student,) = live_stack.sql("SELECT min(id) FROM school_student")[0]
    auditor.select_option("#object", "school.Student")
    auditor.fill("#pk", str(student))
    auditor.click("form:has(#pk) button.primary")
    expect(auditor.locator("section.panel tbody tr, section.panel .empty-state").first).to_be_visible()


def test_6_a_field_of_a_patient_is_revealed_for_five_minutes(visit: Visit, live_stack: LiveStack) -> None:
    (patient,) = live_stack.sql("SELECT min(id) FROM hospital_patient")[0]
    page = visit("luo.health", f"/portal/hospital/patient/{patient}/change/")
    page.click(".reveal-link a")
    page.fill("#ticket", "T-1")
    if page.locator("#password").count():
        page.fill("#password", live_stack.logins["luo.health"])
    page.click("form:has(#ticket) button.primary")
    expect(page.locator("[data-secret]")).not_to_be_empty()
    expect(page.locator("svg.watermark")).to_be_attached()


def test_6_two_administrators_change_the_policy_together(visit: Visit) -> None:
    author = visit("secadmin", "/portal/policies/")
    author.fill("#reason", "README")
    author.click("form:has(#reason) button.primary")
    author.wait_for_url(re.compile(r"/portal/policies/\d+/"))
    author.fill("#key", "no-notes")
    author.select_option("#object_type", "city.InspectionSite")
    author.select_option("#effect", "hide")
    author.fill("#field", "category")
    author.click("form:has(#key) button.primary")
    author.click("button[value=propose]")
    expect(author.locator("button[value=approve]")).to_have_count(0)
    other = visit("secadmin2", "/portal/" + author.url.partition("/portal/")[2])
    expect(other.locator("button[value=approve]")).to_be_visible()
    other.click("button[value=withdraw]")
    expect(other.locator(".badge.retired")).to_be_visible()
