"""Rules, alarms and notifications."""

from __future__ import annotations

from apps.alerts.models.alarms import Alarm, AlarmAct, AlarmEvent, AlarmState
from apps.alerts.models.notifications import Channel, Delivery, Notification, Webhook
from apps.alerts.models.rules import PRIORITIES, AlertRule, Condition, Horizon, Side, Watch

__all__ = [
    "PRIORITIES",
    "Alarm",
    "AlarmAct",
    "AlarmEvent",
    "AlarmState",
    "AlertRule",
    "Channel",
    "Condition",
    "Delivery",
    "Horizon",
    "Notification",
    "Side",
    "Watch",
    "Webhook",
]
