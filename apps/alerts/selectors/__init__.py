"""Questions about alarms; import from here."""

from __future__ import annotations

from apps.alerts.selectors.alarms import alarm_changed_shown, alarms_news, alarms_waiting
from apps.alerts.selectors.messages import alarm_body

__all__ = ["alarm_body", "alarm_changed_shown", "alarms_news", "alarms_waiting"]
