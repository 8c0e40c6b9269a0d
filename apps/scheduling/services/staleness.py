"""Plans whose ground has changed: marked with the reason, never changed by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.scheduling.data import BuiltProblem
from apps.scheduling.models import Plan, PlanState, StaleReason
from apps.sensing.selectors import readings_corrected_since


def plan_ground_set(plan: Plan, built: BuiltProblem) -> None:
    """Note what a plan is built on, before the search: what changes while it runs marks the plan."""
    used = built.used
    plan.read_streams = list(used.datastream_ids) if used else []
    plan.read_from, plan.read_until = (used.start, used.end) if used else (None, None)
    plan.snapshot = {
        "sites": [{"type": item.object_type, "id": item.object_id} for item in built.objects],
        "vehicles": [vehicle.name for vehicle in built.problem.vehicles],
        "zero": built.zero.isoformat(),
    }
    plan.stale, plan.stale_at = "", None
    plan.save(update_fields=["read_streams", "read_from", "read_until", "snapshot", "stale", "stale_at"])
    if used and readings_corrected_since(used):  # between the reading and this note
        _mark(Plan.objects.filter(pk=plan.pk), StaleReason.READINGS)


def plans_of_readings_mark(datastream_ids: Sequence[int], *, start: datetime, end: datetime) -> int:
    """Mark the plans that were built on readings of these streams between two moments; how many."""
    built_on = Plan.objects.filter(
        read_streams__overlap=list(datastream_ids), read_from__lte=end, read_until__gt=start
    )
    return _mark(built_on, StaleReason.READINGS)


def plans_of_objects_mark(rows: Iterable[tuple[str, str]]) -> int:
    """Mark the plans that were built on these objects, ("city.InspectionSite", "12"); how many."""
    wanted = Q(pk=None)
    for label, pk in rows:
        if pk.isdecimal():
            wanted |= Q(snapshot__sites__contains=[{"type": label, "id": int(pk)}])
    return _mark(Plan.objects.filter(wanted), StaleReason.OBJECTS)


def _mark(plans: QuerySet[Plan], reason: StaleReason) -> int:
    """A plan that is in nobody's way any more is left as it is; the first reason stays."""
    living = plans.exclude(state=PlanState.SUPERSEDED).filter(stale="")
    return living.update(stale=reason, stale_at=timezone.now())
