"""Events and what follows from them: notifications in the same transaction, news after it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.alerts.models import Alarm, AlarmAct
from apps.alerts.selectors import alarms_news
from apps.alerts.services.queueing import notifications_queue
from apps.alerts.services.steps import RECORD
from apps.alerts.signals import alarms_changed, notifications_queued


def events_record(
    alarm_ids: Collection[int],
    *,
    act: AlarmAct,
    by: int | None = None,
    note: str = "",
    now: datetime | None = None,
) -> list[int]:
    """Write one event for each alarm, queue what recipients are to be told, announce after commit.

    Returns the ids of the events. An alarm that closes as it returns has one event, "closed".
    """
    if not alarm_ids:
        return []
    values: dict[str, Any] = {
        "act": act.value,
        "now": now or timezone.now(),
        "by": by,
        "note": note,
        "ids": list(alarm_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD, values)
        event_ids = [row[0] for row in cursor.fetchall()]
    channels = notifications_queue(event_ids)
    if channels:
        transaction.on_commit(partial(notifications_queued.send, sender=Alarm, channels=channels))
    transaction.on_commit(partial(_announce, list(alarm_ids)))
    return event_ids


def _announce(alarm_ids: list[int]) -> None:
    alarms_changed.send(sender=Alarm, bodies=alarms_news(alarm_ids))
