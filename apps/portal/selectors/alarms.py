"""Alarms and rules for the portal's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Max, QuerySet
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.core.numbers import whole_number
from apps.core.quantities import quantity
from apps.portal.selectors.rows import plain, visible
from apps.portal.selectors.streams import kind_title
from apps.privacy.services import visible_fields
from apps.privacy.services.spoken import kind_title as spoken_kind

ANOMALY = "anomaly"
OPEN, SHELVED, CLOSED = "open", "shelved", "closed"
TEN_MINUTES = timedelta(minutes=10)
MOST_MEMBERS = 50


def _clear(viewer: Viewer, label: str) -> QuerySet[Any]:
    """The rows of a model whose fields the viewer sees clear, all of them; nothing to anybody else."""
    decisions = visible_fields(viewer, apps.get_model(label)).values()
    rows = visible(viewer, label)
    return rows if all(decision.is_clear for decision in decisions) else rows.none()


def alarms_visible(viewer: Viewer) -> QuerySet[Any]:
    """Alarms and groups, with what a line shows."""
    return _clear(viewer, "alerts.Alarm").select_related("rule__datastream", "datastream__thing", "group")


def alarms_listed(viewer: Viewer, wanted: Mapping[str, str]) -> QuerySet[Any]:
    """The alarms of one shelf: open ones by priority and age, closed ones newest first."""
    rows = alarms_visible(viewer).filter(group=None)
    if wanted.get("domain"):
        rows = rows.filter(domain=wanted["domain"])
    priority = whole_number(wanted.get("priority"), high=9)
    if priority is not None:
        rows = rows.filter(priority=priority)
    if wanted.get("state") == CLOSED:
        return rows.filter(state=CLOSED).order_by("-id")
    open_rows = rows.exclude(state=CLOSED)
    is_shelved = wanted.get("state") == SHELVED
    return open_rows.filter(shelved_until__isnull=not is_shelved).order_by("priority", "last_raised_at", "id")


def alarm_lines(alarms: list[Any], viewer: Viewer) -> list[dict[str, Any]]:
    """What the list shows of each alarm; a group with its first members."""
    measured = _measured(alarms, viewer)
    return [
        {**_line(alarm), "measured": measured.get(alarm.pk, ""), "members": _members(alarm, viewer)}
        for alarm in alarms
    ]


def _line(alarm: Any) -> dict[str, Any]:
    stream = alarm.datastream
    return {"alarm": alarm, "stream": stream, "kind": kind_title(stream) if stream else ""}


def _measured(alarms: list[Any], viewer: Viewer) -> dict[int, str]:
    """What was read when a deviation began, with its unit, by alarm: its figure is no measured value."""
    unusual = [one for one in alarms if one.rule.condition == ANOMALY and one.datastream is not None]
    if not unusual:
        return {}
    rows = plain(viewer, "sensing.Observation").filter(
        datastream__in={one.datastream_id for one in unusual},
        phenomenon_time__in={one.since for one in unusual},
    )
    read = {(row.datastream_id, row.phenomenon_time): row.result for row in rows}
    return {
        one.pk: quantity(read[key], one.datastream.unit)
        for one in unusual
        if (key := (one.datastream_id, one.since)) in read
    }


def _members(alarm: Any, viewer: Viewer) -> list[dict[str, Any]]:
    if not alarm.is_group:
        return []
    return [_line(row) for row in alarms_visible(viewer).filter(group=alarm).order_by("id")[:MOST_MEMBERS]]


def alarm_rate(viewer: Viewer) -> int:
    """How many alarms and groups were raised in the last ten minutes."""
    since = timezone.now() - TEN_MINUTES
    events = _clear(viewer, "alerts.AlarmEvent").filter(at__gte=since, act__in=["raised", "again"])
    return events.filter(alarm__group=None, alarm__shelved_until=None).order_by().count()


def events_of(viewer: Viewer, alarm: Any) -> QuerySet[Any]:
    """What happened to an alarm, newest first."""
    rows = _clear(viewer, "alerts.AlarmEvent").select_related("alarm__rule__datastream", "alarm__datastream")
    return rows.filter(alarm=alarm).order_by("-id")


def rules_visible(viewer: Viewer) -> QuerySet[Any]:
    """The alarm rules, the gravest first."""
    return (
        _clear(viewer, "alerts.AlertRule")
        .select_related("datastream__thing")
        .order_by("domain", "priority", "name")
    )


def longest_hold(viewer: Viewer) -> int:
    """For how many seconds, at most, readings must stay beyond the limit of a rule that is in force."""
    return int(rules_visible(viewer).filter(active=True).aggregate(most=Max("hold"))["most"] or 0)


def rule_kind(rule: Any) -> str:
    """The title of the readings that a rule watches; "" where it watches every kind."""
    if rule.datastream is not None:
        return kind_title(rule.datastream)
    return spoken_kind(rule.domain, rule.kind) if rule.kind else ""


def dead_letters(viewer: Viewer) -> int:
    """How many messages were given up."""
    return _clear(viewer, "alerts.Notification").filter(state="dead").order_by().count()
