"""The live map in a real browser against the running system."""

from __future__ import annotations

import json
import re

import httpx
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.stack import LiveStack

ROWS = "#table tr[data-index]"


def open_map(page: Page, stack: LiveStack, user: str, query: str = "") -> list[str]:
    """Log in and wait for the map; the list gathers every request that leaves this site."""
    outside: list[str] = []
    own = (stack.web_url, stack.web_url.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
    page.goto(f"{stack.web_url}/portal/login/?next=/map/{query}")
    page.fill("[name=username]", user)
    page.fill("[name=password]", stack.logins[user])
    page.press("[name=password]", "Enter")
    page.wait_for_selector("body[data-ready]")
    return outside


def test_an_operator_sees_the_same_features_on_map_and_table(page: Page, live_stack: LiveStack) -> None:
    outside = open_map(page, live_stack, "lin.operator")
    expect(page.locator(ROWS).first).to_be_visible()
    page.locator(ROWS).first.press("Enter")
    expect(page.locator("#detail h2")).to_have_text(page.locator(f"{ROWS} td.name").first.inner_text())
    expect(page).to_have_url(re.compile(r"select=city\.roads/\d+"))
    assert outside == []


def send_speed(stack: LiveStack, code: str, value: float) -> None:
    """One reading as a device sends it."""
    keys = json.loads((stack.site.var / "secrets" / "simulator.json").read_text())
    body = {
        "datastream": f"city.{code}.speed",
        "phenomenonTime": timezone.now().isoformat(),
        "result": value,
    }
    answer = httpx.post(
        f"{stack.gateway_url}/v1/observations", json=body, headers={"Authorization": f"Bearer {keys['city']}"}
    )
    assert answer.status_code == 201, answer.text


def test_a_new_reading_moves_on_the_open_page(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.fill("#filter", "R0001")
    row = page.locator(ROWS).first
    expect(row).to_be_visible()
    send_speed(live_stack, "R0001", 21.5)
    expect(row.locator("td.value")).to_have_text("21.5")
    send_speed(live_stack, "R0001", 33.5)
    expect(row.locator("td.value")).to_have_text("33.5")


def test_pausing_tints_the_time_bar_and_keeps_the_picture(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.click("#pause")
    expect(page.locator('#timebar[data-mode="paused"]')).to_be_visible()
    expect(page.locator('#feed[data-state="paused"]')).to_be_visible()


def test_switching_the_language_keeps_page_and_selection(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.locator(ROWS).first.click()
    expect(page.locator("#detail h2")).not_to_be_empty()
    page.click("#language button[value=en]")
    expect(page.locator("#bar h1")).to_contain_text("Live map")
    expect(page.locator("#detail h2")).not_to_be_empty()


def test_somebody_of_another_department_sees_none_of_the_city(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "luo.health")
    assert "city." not in page.locator("#table-layer").inner_html()


def test_somebody_without_a_role_is_told_whom_to_ask(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "sysadmin")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#side")).to_be_hidden()
