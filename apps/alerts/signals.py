"""News of alarms, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

alarms_changed = Signal()  # bodies: list[dict], one a changed alarm as selectors.alarm_news gives it
notifications_queued = Signal()  # channels: set[str]
