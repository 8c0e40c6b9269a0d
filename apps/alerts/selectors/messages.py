"""What a recipient may read of an alarm."""

from __future__ import annotations

from typing import Any

from apps.accounts.data import Viewer
from apps.alerts.models import Alarm
from apps.privacy.services import decide, visible_rows

ALARM, RULE = "alerts.Alarm", "alerts.AlertRule"
STREAM, THING = "sensing.Datastream", "sensing.Thing"


def alarm_body(alarm: Alarm, *, viewer: Viewer) -> dict[str, Any]:
    """The alarm in plain values, only with what the viewer sees clear; empty when he may not know of it."""
    if not visible_rows(viewer, Alarm.objects.filter(pk=alarm.pk)).exists():
        return {}
    shown = {
        name: value
        for name, (object_type, field, value) in _parts(alarm).items()
        if decide(viewer, object_type, field, place=alarm.division, domain=alarm.domain).is_clear
    }
    return shown if "alarm" in shown else {}


def _parts(alarm: Alarm) -> dict[str, tuple[str, str, Any]]:
    stream, rule = alarm.datastream, alarm.rule
    parts = {
        "alarm": (ALARM, "id", alarm.pk),
        "domain": (ALARM, "domain", alarm.domain),
        "division": (ALARM, "division", alarm.division),
        "priority": (ALARM, "priority", alarm.priority),
        "state": (ALARM, "state", alarm.state),
        "rule": (RULE, "name", rule.title),
        "advice": (RULE, "message", rule.advice),
        "raised_at": (ALARM, "last_raised_at", alarm.last_raised_at.isoformat()),
        "members": (ALARM, "size", alarm.size),
    }
    if stream is not None:
        parts |= {
            "value": (ALARM, "value", alarm.value),
            "datastream": (STREAM, "key", stream.key),
            "unit": (STREAM, "unit", stream.unit),
            "thing": (THING, "name", stream.thing.name),
        }
    return parts
