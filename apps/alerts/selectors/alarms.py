"""Alarms as people and screens ask for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils import timezone

from apps.accounts.data import Viewer
from apps.alerts.models import Alarm, AlarmState
from apps.privacy.services import decide, visible_rows

NEWS = ("id", "domain", "division", "priority", "state", "is_group", "last_raised_at", "shelved_until")


def alarms_waiting(viewer: Viewer) -> int:
    """How many alarms and groups wait for somebody: not acknowledged, not shelved, not closed."""
    rows = visible_rows(viewer, Alarm.objects.filter(group=None, shelved_until=None, acknowledged_at=None))
    return rows.filter(state__in=[AlarmState.RAISED, AlarmState.RETURNED]).order_by().count()


def alarms_news(alarm_ids: Collection[int]) -> list[dict[str, Any]]:
    """What a screen is told of alarms that have changed; members of a group are told by their group."""
    rows = Alarm.objects.filter(pk__in=alarm_ids, group=None).order_by("pk")
    return [{**row, "at": timezone.now()} for row in rows.values(*NEWS)]


def alarm_changed_shown(body: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    """The news with the fields that the viewer sees clear; empty when he may not know of the alarm."""
    place, domain = body["division"], body["domain"]
    shown = {
        name: body[name]
        for name in NEWS
        if name in body and decide(viewer, "alerts.Alarm", name, place=place, domain=domain).is_clear
    }
    return {**shown, "at": body["at"]} if shown else {}
