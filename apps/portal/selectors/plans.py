"""Plan versions: routes, stops, and what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.accounts.data import Viewer
from apps.core.declarations import Parameter
from apps.core.domains import problems_by_id
from apps.portal.selectors.rows import visible


def problem_title(problem: str) -> str:
    """The problem's title, or its id when no domain declares it any more."""
    found = problems_by_id().get(problem)
    return str(found[1].title) if found else problem


def parameter_rows(plan: Any) -> list[tuple[Parameter, Any]]:
    """The declared parameters with the values of the plan."""
    found = problems_by_id().get(plan.problem)
    parameters = found[1].parameters if found else ()
    return [(item, plan.parameters.get(item.key, item.default)) for item in parameters]


def routes_with_stops(viewer: Viewer, plan: Any) -> list[dict[str, Any]]:
    """The routes of a plan, each with its stops in order."""
    routes = visible(viewer, "scheduling.PlanRoute").filter(plan=plan).defer("geometry", "geometry_3857")
    stops: dict[int, list[Any]] = {}
    for stop in visible(viewer, "scheduling.PlanStop").filter(route__plan=plan).order_by("sequence"):
        stops.setdefault(stop.route_id, []).append(stop)
    return [{"route": route, "stops": stops.get(route.pk, [])} for route in routes]


@dataclass(frozen=True, slots=True)
class Change:
    """Where one visited object stands in each of two plans; None where it is not served."""

    label: str
    before: str | None
    after: str | None


def _places(viewer: Viewer, plan: Any) -> dict[tuple[str, int], tuple[str, str]]:
    """(type, id) -> (label, vehicle and number) of every stop."""
    stops = visible(viewer, "scheduling.PlanStop").filter(route__plan=plan).select_related("route")
    return {
        (stop.object_type, stop.object_id): (stop.label, f"{stop.route.vehicle} · {stop.sequence}")
        for stop in stops.defer("route__geometry", "route__geometry_3857")
    }


def plan_changes(viewer: Viewer, before: Any, after: Any) -> list[Change]:
    """Only the visits that differ between two plans."""
    old, new = _places(viewer, before), _places(viewer, after)
    changes = []
    for key in sorted(old.keys() | new.keys()):
        label = (old.get(key) or new[key])[0]
        was, now = old.get(key, ("", None))[1], new.get(key, ("", None))[1]
        if was != now:
            changes.append(Change(label, was, now))
    return changes
