"""Looking at what has changed: one transaction from new readings to alarms, events and notifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.selectors import areas_now
from apps.alerts.models import Alarm, AlarmAct, AlarmState, AlertRule, Condition, Horizon
from apps.alerts.services import steps, verdicts
from apps.alerts.services.recording import events_record
from apps.core.domains import layers_by_id
from apps.core.locks import Lock, lock_try

STATEMENTS = {
    Condition.THRESHOLD: verdicts.THRESHOLD,
    Condition.MISSING: verdicts.MISSING,
    Condition.ANOMALY: verdicts.ANOMALY,
    Condition.QUALITY: verdicts.QUALITY,
    Condition.GEOFENCE: verdicts.GEOFENCE,
}


LOOKED_BACK = {Condition.THRESHOLD, Condition.ANOMALY, Condition.QUALITY}
# The oldest transaction that may still store something, and when the oldest one began. A transaction that has
# not written anything ten minutes after its beginning does not hold up the looks.
HORIZON = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
           greatest(min(xact_start), clock_timestamp() - interval '10 minutes')
      FROM pg_stat_activity WHERE datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one look has done: alarms raised (again), groups made, alarms back to normal."""

    raised: int
    groups: int
    returned: int


NOTHING = Evaluated(0, 0, 0)


@transaction.atomic
def rules_evaluate(*, now: datetime | None = None) -> Evaluated:
    """Look at every reading that is new since the last look; nothing when another process is at it."""
    moment = now or timezone.now()
    return _evaluate(moment) if lock_try(Lock.ALARMS) else NOTHING


def _evaluate(now: datetime) -> Evaluated:
    _shelves_end(now)
    _look(now)
    _look_back(now)
    raised, again = _step(steps.RAISE, now), _step(steps.AGAIN, now)
    _step(steps.SPOKEN, now)
    groups = _group(raised + again, now)
    returned = _step(steps.RETURN, now)
    groups_returned = _step(steps.GROUP_RETURN, now)
    events_record(raised, act=AlarmAct.RAISED, now=now)
    events_record(again, act=AlarmAct.AGAIN, now=now)
    events_record(returned + groups_returned, act=AlarmAct.RETURNED, now=now)
    return Evaluated(len(raised) + len(again), groups, len(returned))


def _shelves_end(now: datetime) -> None:
    """Bring back what has lain on the shelf long enough; what has settled meanwhile is closed."""
    ended = _step(steps.SHELVES_END, now)
    events_record(ended, act=AlarmAct.UNSHELVED, now=now)
    closed = Alarm.objects.filter(pk__in=ended, state=AlarmState.CLOSED).values_list("pk", flat=True)
    events_record(list(closed), act=AlarmAct.CLOSED, now=now)


def _look(now: datetime) -> None:
    """Bring the watches up to date, one statement for each condition that some rule has."""
    values = _values(now)
    for condition in sorted(used_conditions()):
        places = places_statement() if condition == Condition.GEOFENCE else ""
        statement = verdicts.watches_statement(STATEMENTS[condition], places=places)
        with connection.cursor() as cursor:
            cursor.execute(statement, values | {"condition": condition})


def _look_back(now: datetime) -> None:
    """Judge what transactions that have ended since the last look stored behind the newest readings."""
    horizon = Horizon.objects.select_for_update().first()
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        last, began = cursor.fetchone()
        if horizon is not None and last > horizon.transaction:
            span = {"first": horizon.transaction, "last": last, "began": horizon.began}
            values = _values(now) | span
            for condition in sorted(used_conditions() & LOOKED_BACK):
                cursor.execute(
                    verdicts.late_statement(STATEMENTS[condition]), values | {"condition": condition}
                )
    Horizon.objects.update_or_create(pk=1, defaults={"transaction": last, "began": began})


def _values(now: datetime) -> dict[str, Any]:
    """What the statements ask for: the moment, and what the codes in each area of a rule begin with."""
    areas = AlertRule.objects.filter(active=True).exclude(area="").values_list("area", flat=True)
    parts = [(area, prefix) for area, prefixes in areas_now(set(areas)).items() for prefix in prefixes]
    return {"now": now, "areas": [area for area, _ in parts], "prefixes": [prefix for _, prefix in parts]}


def used_conditions() -> set[Condition]:
    """The conditions that some rule has."""
    used = AlertRule.objects.filter(active=True).order_by().values_list("condition", flat=True).distinct()
    return {Condition(condition) for condition in used}


def _group(new: list[int], now: datetime) -> int:
    """Gather floods into groups; returns how many groups were made."""
    if not new:
        return 0
    made = _step(steps.GROUP_NEW, now, ids=new)
    joined = _step(steps.GROUP_JOIN, now, ids=new)
    woken = _step(steps.GROUP_AGAIN, now, ids=new)
    _step(steps.GROUP_SIZE, now, ids=new)
    events_record(joined, act=AlarmAct.GROUPED, now=now)
    events_record(made, act=AlarmAct.RAISED, now=now)
    events_record(woken, act=AlarmAct.AGAIN, now=now)
    return len(made)


def _step(statement: str, now: datetime, **values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**steps.PARTS), {"now": now, **values})
        return sorted(row[0] for row in cursor.fetchall())


def places_statement() -> str:
    """Where things are: by their own readings, by their SensorThings location, by the map's layers."""
    models = [apps.get_model(layer.model) for _domain, layer in layers_by_id().values()]
    tables = sorted({model._meta.db_table for model in models if _carries_things(model)})
    mapped = [verdicts.MAPPED.format(table=table) for table in tables]
    return " UNION ALL ".join([verdicts.MOVING, verdicts.STANDING, *mapped])


def _carries_things(model: Any) -> bool:
    return "thing" in {field.name for field in model._meta.concrete_fields}
