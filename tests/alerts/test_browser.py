"""The alarms pages in Chromium: the content policy holds and nobody is shut out."""

from __future__ import annotations

import pytest

from apps.alerts.models import Alarm
from apps.alerts.services import rules_evaluate
from tests.alerts.builders import NOON, reads, rule, stream
from tests.portal.test_browser import Opener, grave, opened, pytestmark

__all__ = ["opened", "pytestmark"]


@pytest.fixture
def rows() -> Alarm:
    rule(flood_after=1, name_en="Too fast")
    for code in ("A1", "A2"):
        reads(stream(code), 90)
    rules_evaluate(now=NOON)
    return Alarm.objects.get(is_group=True)


def test_the_alarms_pages_are_open_to_all(opened: Opener, rows: Alarm) -> None:
    paths = ["", f"{rows.pk}/", "rules/", f"rules/{rows.rule_id}/trial/"]
    for path in paths:
        shown = opened(f"/portal/alarms/{path}")
        assert shown.evaluate("window.violations") == []
        assert grave(shown) == []


def test_a_group_is_shelved_with_a_reason_by_keyboard_and_form(opened: Opener, rows: Alarm) -> None:
    shown = opened("/portal/alarms/")
    shown.click(f"[data-open=shelf-{rows.pk}]")
    shown.fill(f"#reason-{rows.pk}", "Road works")
    shown.keyboard.press("Enter")
    shown.wait_for_selector("text=The alarm is shelved.")
    rows.refresh_from_db()
    assert rows.shelve_reason == "Road works"


def test_the_bell_counts_what_waits(opened: Opener, rows: Alarm) -> None:
    assert opened("/portal/").inner_text("[data-alarm-count]") == "1"
