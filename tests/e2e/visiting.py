"""Logging in with the browser, as every walk begins."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.stack import LiveStack

SLOW = 120_000  # milliseconds: two cores are shared with the workers
Visit = Callable[[str, str], Page]


def log_in(page: Page, stack: LiveStack, user: str, path: str = "/portal/") -> None:
    """Prove the password of somebody of the demonstration; the page that was asked for opens."""
    page.context.clear_cookies()
    page.goto(f"{stack.web_url}/portal/login/?next={path}")
    page.fill("[name=username]", user)
    page.fill("[name=password]", stack.logins[user])
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def language_choose(page: Page, stack: LiveStack, language: str) -> None:
    """Have pages in this language from now on, as the person's own choice."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    page.request.post(
        f"{stack.web_url}/portal/language/",
        form={"language": language, "next": "/portal/", "csrfmiddlewaretoken": token},
        headers={"Referer": page.url},
    )
