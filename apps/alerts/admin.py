"""Portal pages of the alerts models; acting on alarms has pages of its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.alerts.models import Alarm, AlarmEvent, AlertRule, Notification, Watch, Webhook
from apps.privacy.services.admin import policy_register

policy_register(
    AlertRule,
    columns=("name", "domain", "condition", "kind", "side", "level", "priority", "active", "changed_at"),
    search=("name", "name_en"),
    filters=("domain", "condition", "priority", "active"),
)
policy_register(
    Watch,
    columns=("rule", "datastream", "seen", "reading", "figure", "breached", "since", "due", "bad"),
    filters=("rule", "breached", "due"),
)
policy_register(
    Alarm,
    columns=("rule", "datastream", "priority", "state", "value", "last_raised_at", "occurrences", "size"),
    filters=("domain", "state", "priority", "is_group"),
)
policy_register(AlarmEvent, columns=("alarm", "act", "at", "by", "note", "value"), filters=("act",))
policy_register(
    Webhook,
    columns=("name", "domain", "url", "active", "owner"),
    filters=("domain", "active"),
    empty=(
        _(
            "A program names the address that alarms are posted to; the document of the interface says how, "
            "under “Alarms and notices”."
        ),
        "approve",
    ),
)
policy_register(
    Notification,
    columns=("event", "channel", "webhook", "state", "attempts", "next_at", "sent_at", "error"),
    filters=("channel", "state"),
    empty=(_("What people and programs are told of alarms appears here."), "handle"),
)
