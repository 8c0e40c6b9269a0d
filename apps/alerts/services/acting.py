"""What people do with alarms; every act is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.alerts.models import Alarm, AlarmAct, AlarmState
from apps.alerts.services.recording import events_record
from apps.core.errors import ProblemError

LONGEST_SHELF = timedelta(days=7)


def handler_require(viewer: Viewer, domain: str, capability: Capability) -> None:
    """ProblemError (403) when no role of the viewer allows this in the domain."""
    if not viewer.may(domain, capability):
        raise ProblemError(_("Your role does not allow this."), "", 403, "role")


@transaction.atomic
def alarm_acknowledge(alarm: Alarm, *, viewer: Viewer, note: str = "") -> Alarm:
    """Take note of an alarm (of a group: of all its alarms); one that is back to normal is closed by it."""
    rows = _taken(alarm, viewer)
    waiting = [row for row in rows if row.acknowledged_at is None]
    if not waiting:
        raise ProblemError(_("The alarm has been acknowledged already."), "state", 409, "acknowledged")
    now = timezone.now()
    for row in waiting:
        row.acknowledged_at = now
        if row.state == AlarmState.RAISED:
            row.state = AlarmState.ACKNOWLEDGED
    closed = [row for row in waiting if _is_over(row)]
    _write(waiting, closed, now)
    events_record([row.pk for row in waiting], act=AlarmAct.ACKNOWLEDGED, by=viewer.user_id, note=note)
    events_record([row.pk for row in closed], act=AlarmAct.CLOSED, by=viewer.user_id, note=note)
    return _fresh(alarm)


@transaction.atomic
def alarm_shelve(alarm: Alarm, *, until: datetime, reason: str, viewer: Viewer) -> Alarm:
    """Put an alarm (a group with its alarms) out of sight until a moment, at most a week ahead."""
    if not reason.strip():
        raise ProblemError(_("Say why the alarm is shelved."), "reason", code="required")
    now = timezone.now()
    if not now < until <= now + LONGEST_SHELF:
        raise ProblemError(_("Give an end in the future, at most seven days ahead."), "until", code="range")
    rows = _taken(alarm, viewer)
    ids = [row.pk for row in rows]
    Alarm.objects.filter(pk__in=ids).update(shelved_until=until, shelve_reason=reason[:200])
    events_record(ids, act=AlarmAct.SHELVED, by=viewer.user_id, note=reason[:200], now=now)
    return _fresh(alarm)


@transaction.atomic
def alarm_unshelve(alarm: Alarm, *, viewer: Viewer) -> Alarm:
    """Bring an alarm back before its time."""
    rows = [row for row in _taken(alarm, viewer) if row.shelved_until is not None]
    if not rows:
        raise ProblemError(_("The alarm is not shelved."), "state", 409, "not_shelved")
    now = timezone.now()
    for row in rows:
        row.shelved_until, row.shelve_reason = None, ""
    closed = [row for row in rows if _is_over(row)]
    _write(rows, closed, now)
    events_record([row.pk for row in rows], act=AlarmAct.UNSHELVED, by=viewer.user_id, now=now)
    events_record([row.pk for row in closed], act=AlarmAct.CLOSED, by=viewer.user_id, now=now)
    return _fresh(alarm)


def _taken(alarm: Alarm, viewer: Viewer) -> list[Alarm]:
    """The open rows that an act is about, locked: the alarm, and the members of a group."""
    handler_require(viewer, alarm.domain, Capability.HANDLE)
    chosen = Alarm.objects.filter(Q(pk=alarm.pk) | Q(group=alarm.pk)).exclude(state=AlarmState.CLOSED)
    rows = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    if not any(row.pk == alarm.pk for row in rows):
        raise ProblemError(_("The alarm is closed."), "state", 409, "closed")
    return rows


def _is_over(row: Alarm) -> bool:
    return row.state == AlarmState.RETURNED and row.acknowledged_at is not None and row.shelved_until is None


def _write(rows: list[Alarm], closed: list[Alarm], now: datetime) -> None:
    for row in closed:
        row.state, row.closed_at = AlarmState.CLOSED, now
    fields = ["state", "acknowledged_at", "closed_at", "shelved_until", "shelve_reason"]
    Alarm.objects.bulk_update(rows, fields)


def _fresh(alarm: Alarm) -> Alarm:
    return Alarm.objects.select_related("rule", "datastream__thing").get(pk=alarm.pk)
