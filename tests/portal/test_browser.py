"""The portal in Chromium: nothing breaks the content policy, nobody is shut out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.alerts.models import AlertRule
from apps.sensing.models import RollupHour
from tests.city.builders import site, street_grid
from tests.people import person
from tests.portal import builders

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
LISTS = ["datastreams/", "uploads/", "runs/", "models/", "forecasts/", "plans/", "jobs/"]
CHARTS = ["forecasts/outlook/", "districts/"]
FORMS = ["", "password_change/", "city/servicerequest/", "plans/new/?problem=city.inspection_rounds"]
Opener = Callable[[str], Page]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (Path(__file__).resolve().parents[2] / "static/vendor/@alpinejs").exists(),
        reason="browser libraries are not copied yet: 'make test' does it",
    ),
]


@pytest.fixture
def opened(page: Page, live_server: Any) -> Opener:
    """Opens a page of the portal for an operator of the city."""
    user = person("operator", roles=["city-operator", "city-planner"])
    User.objects.filter(pk=user.pk).update(language="en")
    page.add_init_script(WATCH)
    page.goto(f"{live_server.url}/portal/login/")
    page.fill("#id_username", "operator")
    page.fill("#id_password", builders.PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/portal/")

    def go(path: str) -> Page:
        page.goto(f"{live_server.url}{path}")
        page.wait_for_selector("html:not([x-cloak])")
        page.wait_for_timeout(300)
        return page

    return go


@pytest.mark.parametrize("path", [*LISTS, *CHARTS, *FORMS])
def test_a_page_keeps_to_the_content_policy_and_is_open_to_all(opened: Opener, path: str) -> None:
    shown = opened(f"/portal/{path}")
    assert shown.evaluate("window.violations") == []
    assert grave(shown) == []


def test_the_api_document_works_under_the_content_policy(opened: Opener) -> None:
    shown = opened("/api/docs/")
    shown.wait_for_selector(".opblock-tag", timeout=20_000)
    assert shown.evaluate("window.violations") == []


def test_pages_with_rows_and_charts_are_open_to_all(opened: Opener) -> None:
    series, plan = builders.stream(), builders.plan()
    model = builders.forecast(series).model_version
    paths = [f"datastreams/{series.pk}/", f"plans/{plan.pk}/", f"models/{model.pk}/", "forecasts/"]
    faults = {path: grave(opened(f"/portal/{path}")) for path in [*paths, f"runs/{model.run_id}/"]}
    assert not any(faults.values()), faults


def test_the_dark_theme_is_readable(opened: Opener) -> None:
    builders.stream()
    shown = opened("/portal/")
    shown.click("button[aria-label='Dark theme']")
    shown.wait_for_selector("html.dark")
    assert grave(opened("/portal/datastreams/")) == []


def test_the_palette_finds_text_from_an_input_method(opened: Opener) -> None:
    builders.stream("R9")
    shown = opened("/portal/")
    shown.keyboard.press("Control+k")
    box = shown.locator("#search-input-command")
    box.wait_for(state="visible")
    box.evaluate("box => { box.value = 'R9'; box.dispatchEvent(new Event('input', { bubbles: true })) }")
    shown.wait_for_selector("#command-results-list a[href*='/portal/datastreams/']")


def test_the_map_and_the_list_of_a_plan_choose_the_same_places(opened: Opener) -> None:
    street_grid()
    site("depot", 0, 0, category="depot")
    site("near", 1, 1)
    shown = opened("/portal/plans/new/?problem=city.inspection_rounds")
    box = shown.locator("input[name=p-visit][value=near]")
    shown.locator("[data-place=near]").click()
    assert box.is_checked()
    box.uncheck()
    assert "chosen" not in (shown.locator("[data-place=near]").get_attribute("class") or "")
    shown.fill("[data-places-find]", "depot")
    assert not box.is_visible()
    shown.click("[data-places-none]")
    assert shown.inner_text("[data-places-count]") == "0"
    assert (grave(shown), shown.evaluate("window.violations")) == ([], [])


def test_a_curve_is_drawn_with_its_limit_and_a_palette_line_jumps_to_the_map(opened: Opener) -> None:
    series, hour = builders.stream(), timezone.now().replace(minute=0, second=0, microsecond=0)
    street_grid(2)
    for back in range(1, 5):
        bucket = hour - timedelta(hours=back)
        RollupHour.objects.create(datastream=series, bucket=bucket, count=1, total=30, lowest=30, highest=30)
    AlertRule.objects.create(
        domain="city", name="slow", kind="speed", condition="threshold", side="below", level=15
    )
    shown = opened(f"/portal/datastreams/{series.pk}/?span=week")
    shown.wait_for_selector("[data-series] canvas")
    assert (grave(shown), shown.evaluate("window.violations")) == ([], [])
    shown.keyboard.press("Control+k")
    shown.locator("#search-input-command").press_sequentially("G001")
    shown.click("#command-results-list a[href^='/map/#select=city.roads/']")
    shown.wait_for_url("**/map/#*select=city.roads/*")


def test_the_publish_dialog_names_the_consequence(opened: Opener) -> None:
    shown = opened(f"/portal/plans/{builders.plan().pk}/")
    shown.click("[data-open=publish]")
    assert "cannot be changed any more" in shown.inner_text("#publish")


def grave(shown: Page) -> list[Any]:
    """Serious and critical findings of axe."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: 'make test' does it")
    shown.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found = shown.evaluate("(rules) => axe.run({ runOnly: rules }).then((seen) => seen.violations)", RULES)
    return [
        (item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in {"serious", "critical"}
    ]
