"""A day's loop in a real browser: train, see the band, plan, publish."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.visiting import SLOW, Visit
from tests.stack import LiveStack

FIRST_DAY, LAST_DAY = "2025-03-01", "2025-03-04"  # Saturday to Tuesday, whatever the day of the test is


def epochs_seen(stack: LiveStack) -> int:
    """Length of the newest run's curve."""
    rows = stack.sql("SELECT jsonb_array_length(curve) FROM training_run ORDER BY id DESC LIMIT 1")
    return int(rows[0][0]) if rows else 0


def test_an_operator_trains_and_after_promotion_the_map_shows_the_band(
    visit: Visit, live_stack: LiveStack
) -> None:
    live_stack.manage("seed_demo", "--days", "4", "--until", "2025-03-05T00:00", "--no-models")
    page = visit("lin.operator", "/portal/runs/")
    page.fill("[name=epochs]", "4")
    page.fill("[name=data_from]", FIRST_DAY)
    page.fill("[name=data_until]", LAST_DAY)
    page.click("form:has([name=epochs]) button.primary")
    page.wait_for_url(re.compile(r"/portal/runs/\d+/"))
    expect(page.locator("[data-curve]")).to_be_visible(timeout=SLOW)
    live_stack.wait_for(lambda stack: epochs_seen(stack) >= 1, "no epoch was finished")
    model = page.locator("dl.facts a[href*='/portal/models/']")
    expect(model).to_be_visible(timeout=SLOW)
    assert epochs_seen(live_stack) >= 2
    analyst = visit("chen.analyst", str(model.get_attribute("href")))
    analyst.click("[data-open=promote]")
    analyst.click("#promote button.primary")
    expect(analyst.locator(".badge.promoted")).to_be_visible(timeout=SLOW)
    live_stack.manage("seed_demo", "--days", "1", "--no-models")  # readings up to now
    live_stack.manage("first_models")  # issues what beat would issue within five minutes
    road = live_stack.sql(
        "SELECT r.id FROM city_roadsegment r JOIN sensing_datastream d ON d.thing_id = r.thing_id"
        " JOIN training_forecast f ON f.datastream_id = d.id LIMIT 1"
    )[0][0]
    page.goto(f"{live_stack.web_url}/map/#select=city.roads/{road}")
    expect(page.locator("#detail")).to_contain_text("95 %", timeout=SLOW)


def test_a_plan_is_made_by_an_operator_refused_to_a_viewer_and_published_by_a_planner(visit: Visit) -> None:
    page = visit("lin.operator", "/portal/plans/new/?problem=city.inspection_rounds")
    page.fill("[name=p-time_limit]", "3")
    page.click("form:has([name=problem]) button.primary")
    page.wait_for_url(re.compile(r"/portal/plans/\d+/"))
    expect(page.locator(".badge.checked")).to_be_visible(timeout=SLOW)
    path = page.url.partition("/portal/")[2]
    expect(page.locator("[data-open=publish]")).to_have_count(0)
    viewer = visit("wang.viewer", f"/portal/{path}")
    expect(viewer.locator("[data-open=publish]")).to_have_count(0)
    token = viewer.locator("[name=csrfmiddlewaretoken]").first.input_value()
    refused = viewer.request.post(
        viewer.url + "publish/", form={"csrfmiddlewaretoken": token}, headers={"Referer": viewer.url}
    )
    assert refused.status == 403
    planner = visit("zhao.planner", f"/portal/{path}")
    planner.click("[data-open=publish]")
    planner.click("#publish button.primary")
    expect(planner.locator(".badge.published")).to_be_visible(timeout=SLOW)
    lengths = lengths_in(planner.locator("section.panel header .small.quiet").all_inner_texts())
    assert lengths
    planner.get_by_role("link", name="在地图上显示").click()
    routes = planner.locator("#stops .route > button .quiet")
    expect(routes).to_have_count(len(lengths), timeout=SLOW)
    assert lengths_in(routes.all_inner_texts()) == lengths, "both pages give the same kilometres"
    expect(planner.locator("#plan-note")).not_to_be_empty()
    expect(planner.locator("#plan option:checked")).not_to_have_attribute("value", "")


def lengths_in(texts: list[str]) -> list[str]:
    """The kilometres of each route, as they are written."""
    return [found[0] for text in texts if (found := re.search(r"\d+[.]\d", text))]
