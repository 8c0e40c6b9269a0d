"""What the walks through the running system share."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.visiting import SLOW, Visit, language_choose, log_in
from tests.stack import LiveStack


@pytest.fixture
def language() -> str:
    """What the visitor reads; a module may ask for both."""
    return "zh-hans"


@pytest.fixture
def visit(browser: Browser, live_stack: LiveStack, language: str) -> Iterator[Visit]:
    """Open a page as somebody who reads this language, each time in a context of its own."""

    contexts = []

    def go(user: str, path: str) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1366, "height": 768}))
        page = contexts[-1].new_page()
        page.set_default_timeout(SLOW)
        log_in(page, live_stack, user)
        language_choose(page, live_stack, language)
        page.goto(live_stack.web_url + path)
        expect(page.locator("html")).to_have_attribute("lang", re.compile(language, re.IGNORECASE))
        return page

    yield go
    for context in contexts:
        context.close()
