"""Questions about plans."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON

from apps.scheduling.models import Plan, PlanStop


def plan_get(plan_id: int) -> Plan:
    """One plan with its job."""
    return Plan.objects.select_related("job").get(pk=plan_id)


def routes_rows(plan: Plan) -> list[dict[str, Any]]:
    """Each route with its line as GeoJSON text and its stops in order."""
    routes = plan.routes.annotate(line=AsGeoJSON("geometry", precision=6))
    stops: dict[int, list[PlanStop]] = {}
    for stop in PlanStop.objects.filter(route__plan=plan).order_by("route", "sequence"):
        stops.setdefault(stop.route_id, []).append(stop)
    fields = ("pk", "vehicle", "distance", "duration", "load", "line")
    return [{**row, "stops": stops.get(row["pk"], [])} for row in routes.values(*fields)]


def plans_compare(first: Plan, second: Plan) -> list[dict[str, Any]]:
    """What differs: one row for each stop that changed vehicle or order, or is in one plan only."""
    left, right = _stops(first), _stops(second)
    labels = {key: value[0] for key, value in (left | right).items()}
    return [
        {
            "label": labels[key],
            "first": left.get(key, (None, None))[1],
            "second": right.get(key, (None, None))[1],
        }
        for key in sorted(labels, key=lambda key: labels[key])
        if left.get(key, (None, None))[1] != right.get(key, (None, None))[1]
    ]


def _stops(plan: Plan) -> dict[tuple[str, int], tuple[str, str]]:
    rows = PlanStop.objects.filter(route__plan=plan)
    fields = ("object_type", "object_id", "label", "route__vehicle", "sequence")
    return {
        (kind, pk): (label, f"{vehicle} · {number}")
        for kind, pk, label, vehicle, number in rows.values_list(*fields)
    }
