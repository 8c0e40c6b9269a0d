"""Watching readings, acting on alarms, telling people and programs; import from here."""

from __future__ import annotations

from apps.alerts.services.acting import alarm_acknowledge, alarm_shelve, alarm_unshelve
from apps.alerts.services.delivering import notification_retry, notifications_deliver
from apps.alerts.services.evaluating import rules_evaluate
from apps.alerts.services.reveals import reveal_tell
from apps.alerts.services.rules import rule_change, rule_create, rules_register
from apps.alerts.services.trying import rule_trial
from apps.alerts.services.webhooks import webhook_create, webhook_end, webhook_rotate

__all__ = [
    "alarm_acknowledge",
    "alarm_shelve",
    "alarm_unshelve",
    "notification_retry",
    "notifications_deliver",
    "reveal_tell",
    "rule_change",
    "rule_create",
    "rule_trial",
    "rules_evaluate",
    "rules_register",
    "webhook_create",
    "webhook_end",
    "webhook_rotate",
]
