"""Plan versions: routes, stops, and what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.accounts.data import Viewer
from apps.core.declarations import Parameter
from apps.core.domains import problems_by_id
from apps.core.quantities import clock, day, listed, quantity
from apps.portal.selectors.rows import visible

SOURCES = {
    "forecast": gettext_lazy("forecast"),
    "latest": gettext_lazy("latest reading"),
    "usual": gettext_lazy("usual speed of the hour"),
    "free_flow": gettext_lazy("empty road"),
}


def problem_title(problem: str) -> str:
    """The problem's title, or its id when no domain declares it any more."""
    found = problems_by_id().get(problem)
    return str(found[1].title) if found else problem


def cost_unit(problem: str) -> str:
    """The unit of cost and bound, or nothing when no domain declares the problem any more."""
    found = problems_by_id().get(problem)
    return found[1].cost_unit if found else ""


def parameter_rows(plan: Any) -> list[tuple[Parameter, str]]:
    """The declared parameters with the values of the plan in the reader's words."""
    found = problems_by_id().get(plan.problem)
    parameters = found[1].parameters if found else ()
    return [(item, _value_text(item, plan.parameters.get(item.key, item.default))) for item in parameters]


def _value_text(item: Parameter, value: Any) -> str:
    if item.kind == "choice":
        return str(dict(item.choices).get(int(value), value))
    if not value and item.kind != "number":
        return _("left open")
    if item.kind == "date":
        return day(date.fromisoformat(value))
    if item.kind == "places":
        return listed(value)
    if item.clock:
        return clock(float(value))
    return quantity(float(value), item.unit) if item.kind == "number" else str(value)


@dataclass(frozen=True, slots=True)
class SpeedsOfHour:
    """How many road segments got their speed from which source in one hour of the shift."""

    begins: datetime
    counts: list[int]


@dataclass(frozen=True, slots=True)
class SpeedsUsed:
    """Where the travel times of a plan come from, by the hour."""

    best: str
    titles: list[str]
    hours: list[SpeedsOfHour]


def speeds_used(plan: Any) -> SpeedsUsed | None:
    """Where the travel times of a plan come from; None for a problem without streets and for older plans."""
    listed = plan.notes.get("speeds")
    if not isinstance(listed, list) or not listed:
        return None
    sources = [source for source in SOURCES if any(source in hour for hour in listed)]
    hours = [
        SpeedsOfHour(datetime.fromisoformat(hour["begins"]), [hour.get(source, 0) for source in sources])
        for hour in listed
    ]
    titles = [str(SOURCES[source]) for source in sources]
    return SpeedsUsed(_speeds_words(listed), titles, hours)


def _segments(hour: dict[str, Any], source: str) -> int:
    return int(hour.get(source, 0))


def _speeds_words(hours: list[dict[str, Any]]) -> str:
    """Which source serves how many hours of the shift, by what most segments of an hour have."""
    main = [max(SOURCES, key=partial(_segments, hour)) for hour in hours]
    parts = [
        ngettext("%(source)s for %(count)d hour", "%(source)s for %(count)d hours", main.count(source))
        % {"source": SOURCES[source], "count": main.count(source)}
        for source in SOURCES
        if source in main
    ]
    return pgettext("between parts", "; ").join(parts)


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
