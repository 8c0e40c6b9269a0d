"""The live map in a real browser against the running system."""

from __future__ import annotations

import json
import re

import httpx
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.visiting import log_in
from tests.stack import LiveStack

ROWS = "#table tr[data-index]"
expect.set_options(timeout=60_000)  # the machine may be busy with other tests


def open_map(page: Page, stack: LiveStack, user: str, query: str = "") -> list[str]:
    """Log in and wait for the map; the list gathers every request that leaves this site."""
    outside: list[str] = []
    own = (stack.web_url, stack.web_url.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
    log_in(page, stack, user, f"/map/{query}")
    page.wait_for_selector("body[data-ready]")
    if page.locator("html").get_attribute("lang") != "zh-hans":  # another test left this person in English
        page.click("#language button[value=zh-hans]")
        page.wait_for_selector("html[lang=zh-hans] body[data-ready]")
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


def test_somebody_of_another_department_sees_the_districts_and_nothing_else_of_the_city(
    page: Page, live_stack: LiveStack
) -> None:
    open_map(page, live_stack, "luo.health")
    layers = page.locator("#table-layer option").evaluate_all("all => all.map((one) => one.value)")
    assert [layer for layer in layers if layer.startswith("city.")] == ["city.districts"]
    page.select_option("#table-layer", "city.districts")
    expect(page.locator(f"{ROWS} td.name")).to_have_count(6)


def test_somebody_without_a_role_is_told_whom_to_ask(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "sysadmin")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#side")).to_be_hidden()


def test_a_road_is_coloured_by_its_share_of_free_flow(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.click("#language button[value=en]")
    page.fill("#filter", "R0001")
    row = page.locator(ROWS).first
    send_speed(live_stack, "R0001", 6)
    expect(row.locator("td.urgency")).to_have_text("severe congestion")
    row.click()
    expect(page.locator("#detail .current")).to_contain_text("of free flow")
    send_speed(live_stack, "R0001", 60)
    expect(row.locator("td.urgency")).to_have_text("free")


def test_closed_requests_are_off_until_they_are_asked_for(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.select_option("#table-layer", "city.requests")
    (every,) = live_stack.sql("SELECT count(*) FROM city_servicerequest")[0]
    (closed,) = live_stack.sql("SELECT count(*) FROM city_servicerequest WHERE state = 'closed'")[0]
    assert closed
    count = page.locator("#table-count")
    expect(count).to_have_text(f"{every - closed} / {every} 项")
    expect(page.locator("#table")).not_to_contain_text("assigned")
    expect(page.locator("#table")).to_contain_text(re.compile("已受理|已派单|已办理"))
    box = page.get_by_role("checkbox", name="已办结")
    expect(box).not_to_be_checked()
    box.check()
    expect(count).to_have_text(f"{every} / {every} 项")
    expect(page).to_have_url(re.compile("hide="))
    page.reload()
    expect(page.get_by_role("checkbox", name="已办结")).to_be_checked()
    expect(count).to_have_text(f"{every} / {every} 项")


def test_selecting_in_the_table_brings_the_place_to_the_map(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.goto(f"{live_stack.web_url}/map/?#view=14/24.2/117.5")
    page.wait_for_selector("body[data-ready]")
    page.select_option("#table-layer", "city.sites")
    page.locator(ROWS).nth(2).click()
    expect(page.locator("#detail h2")).not_to_be_empty()
    expect(page).to_have_url(re.compile(r"select=city\.sites/\d+"))
    selected = re.search(r"select=city\.sites/(\d+)", page.url)
    assert selected is not None
    ((lng, lat),) = live_stack.sql(
        "SELECT ST_X(geometry), ST_Y(geometry) FROM city_inspectionsite WHERE id = %s", int(selected[1])
    )
    page.wait_for_function(
        """([lng, lat]) => {
          const view = new URLSearchParams(location.hash.slice(1)).get("view");
          const [zoom, north, east] = view.split("/").map(Number);
          return zoom === 14 && Math.hypot(north - lat, east - lng) < 0.001;
        }""",
        arg=[lng, lat],
    )


def test_the_panel_leads_to_pages_that_the_reader_may_open(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    page.locator(ROWS).first.click()
    links = page.locator("#detail .links a")
    expect(links.first).to_be_visible()
    addresses = links.evaluate_all("all => all.map((one) => one.href)")
    assert {re.sub(r"\d+", "N", address.removeprefix(live_stack.web_url)) for address in addresses} >= {
        "/portal/city/roadsegment/N/change/",
        "/portal/datastreams/N/",
    }
    for address in addresses:
        assert page.request.get(address).status == 200, address


def test_the_map_fills_wide_screens_and_grows_with_them(page: Page, live_stack: LiveStack) -> None:
    open_map(page, live_stack, "lin.operator")
    sizes = []
    for width, height in ((1366, 768), (1920, 1080), (3840, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        bar, map_box, table = (page.locator(part).bounding_box() for part in ("#bar", "#stage", "#twin"))
        assert bar is not None
        assert map_box is not None
        assert table is not None
        assert bar["width"] == width
        assert round(table["x"] + table["width"]) == width
        assert round(table["y"] + table["height"]) == height
        assert map_box["width"] * map_box["height"] > 0.5 * width * (height - bar["height"])
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.wait_for_function(
            "(width) => document.querySelector('#map canvas').clientWidth === Math.round(width)",
            arg=map_box["width"],
        )
        sizes.append(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))
    assert sizes == sorted(set(sizes)), "letters and symbols grow with the screen"
