"""Every page of every role's menu in Chromium: open to all, in light and dark, without a script error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.visiting import log_in
from tests.stack import LiveStack

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Between them they are offered every page that anybody is: tests/portal/test_menu.py holds this list to it.
WALKERS = {
    "sun.approver": "city-approver",
    "lin.operator": "city-operator",
    "chen.analyst": "city-analyst",
    "luo.health": "hospital-operator",
    "fang.industry": "plant-operator",
    "ma.farm": "farm-operator",
    "he.principal": "school-approver",
    "wei.vendor": "",
    "sysadmin": "system",
    "secadmin": "security",
    "auditor": "auditor",
}
LINKS = "links => links.map(link => link.getAttribute('href'))"
# Rows of a list after the third are made as the first three.
ALIKE = ["tbody tr:nth-child(n+4)", "tbody:nth-of-type(n+4)"]
SERIOUS = """([rules, only, exclude]) => axe.run(
  { exclude }, { runOnly: only ? { type: 'rule', values: only } : rules }).then(
  seen => seen.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""
DARK = """() => { document.documentElement.classList.add('dark');
  for (const one of document.getAnimations()) one.finish(); }"""
BROKEN_PATTERNS = """() => [...document.querySelectorAll('[pattern]')]
  .map(one => one.pattern).filter(pattern => {
  try { new RegExp(pattern, 'v'); return false; } catch { return true; } })"""
LANDMARKS = "() => ['header', 'main', 'nav'].filter(name => !document.querySelector(`body ${name}`))"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def heard(page: Page) -> list[str]:
    """What the console calls an error."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def faults(page: Page, heard: list[str]) -> list[Any]:
    """What is wrong with the page that is open."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: 'make test' does it")
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found = [*page.evaluate(SERIOUS, [RULES, None, ALIKE]), *page.evaluate(BROKEN_PATTERNS)]
    if "/map/" not in page.url:  # the map has a layout and a theme of its own
        found += [f"no <{name}>" for name in page.evaluate(LANDMARKS)]
        page.evaluate(DARK)
        found += [f"dark {one}" for one in page.evaluate(SERIOUS, [RULES, ["color-contrast"], ALIKE])]
        page.set_viewport_size({"width": 390, "height": 844})
        found += [f"{over} px too wide for a telephone" for over in [page.evaluate(TOO_WIDE)] if over > 0]
        page.set_viewport_size({"width": 1440, "height": 900})
    return [*found, *heard]


def test_every_page_of_every_menu_is_open_to_all_and_raises_no_error(
    page: Page, live_stack: LiveStack, heard: list[str]
) -> None:
    seen: set[str] = set()
    wrong: dict[str, list[Any]] = {}
    for user in WALKERS:
        log_in(page, live_stack, user)
        for link in page.eval_on_selector_all("#nav-sidebar-apps a", LINKS):
            if link in seen:
                continue
            seen.add(link)
            heard.clear()
            page.goto(f"{live_stack.web_url}{link}")
            page.wait_for_selector("html:not([x-cloak])")
            if found := faults(page, heard):
                wrong[f"{user} {link}"] = found
    assert len(seen) > len(WALKERS)
    assert not wrong


def test_forms_answer_what_is_typed_without_a_script_error(
    page: Page, live_stack: LiveStack, heard: list[str]
) -> None:
    log_in(page, live_stack, "lin.operator")
    page.goto(f"{live_stack.web_url}/portal/uploads/")
    page.set_input_files("input[type=file]", __file__)
    log_in(page, live_stack, "secadmin")
    page.goto(f"{live_stack.web_url}/portal/policies/")
    page.fill("[name=reason]", "Telephone numbers")
    page.click("form[action$='/draft/'] button")
    page.fill("[name=key]", "no-phones")
    assert page.evaluate("document.querySelector('[name=key]').checkValidity()")
    assert faults(page, heard) == []


def test_the_first_tab_leads_past_the_menu(page: Page, live_stack: LiveStack) -> None:
    log_in(page, live_stack, "lin.operator")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_city_s_name_and_help_stand_on_the_pages_of_strangers(page: Page, live_stack: LiveStack) -> None:
    for path in ("/portal/login/", "/accounts/login/"):
        page.goto(f"{live_stack.web_url}{path}")
        assert "海澄市（演示）" in page.inner_text("header")
        assert page.locator(".help li").count() >= 2
