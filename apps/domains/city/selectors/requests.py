"""Service requests as work: which of them wait for whom, and where they lie, as far as the viewer may see."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point, Polygon
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

from apps.accounts.data import Viewer
from apps.audit.services import seen
from apps.domains.city.models import RequestReply, RequestState, RoadSegment, ServiceRequest
from apps.privacy.services import RowPolicy, explained, masked, row_fields, visible_fields, visible_rows

METRES = 111_320  # of one degree of latitude
NEAR, WIDE = 500, 1300  # metres from the middle of the sketch to its upper edge
LABELS = 6
NOBODY = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question that people ask of the list again and again, and the fields whose values it tells."""

    key: str
    title: Promise
    tells: frozenset[str] = frozenset()


VIEWS = (
    SavedView("open", pgettext_lazy("requests", "Open"), frozenset({"state"})),
    SavedView("mine", pgettext_lazy("requests", "My department"), frozenset({"state", "department"})),
    SavedView("unassigned", pgettext_lazy("requests", "Unassigned"), frozenset({"state", "department"})),
    SavedView("overdue", pgettext_lazy("requests", "Overdue"), frozenset({"state", "deadline"})),
    SavedView("all", pgettext_lazy("requests", "All")),
)


def views_for(viewer: Viewer) -> list[SavedView]:
    """The views that tell the viewer nothing of a field which they do not see clear."""
    decisions = visible_fields(viewer, ServiceRequest)
    clear = {name for name, decision in decisions.items() if decision.is_clear}
    return [view for view in VIEWS if view.tells <= clear]


def view_condition(key: str, viewer: Viewer) -> Q:
    """Which requests a view holds; an unknown one holds all."""
    unfinished = Q(state__in=[RequestState.RECEIVED, RequestState.ASSIGNED])
    conditions = {
        "open": ~Q(state=RequestState.CLOSED),
        "mine": unfinished & Q(department__code=viewer.department) if viewer.department else NOBODY,
        "unassigned": unfinished & Q(department=None),
        "overdue": unfinished & Q(deadline__lt=timezone.now()),
    }
    return conditions.get(key, Q())


def views_counted(rows: QuerySet[ServiceRequest], viewer: Viewer) -> list[tuple[SavedView, int]]:
    """The views with how many of ``rows`` each holds."""
    views = views_for(viewer)
    counts = rows.order_by().aggregate(
        **{view.key: Count("pk", filter=view_condition(view.key, viewer)) for view in views if view.tells},
        all=Count("pk"),
    )
    return [(view, counts[view.key]) for view in views]


def is_overdue(request: ServiceRequest) -> bool:
    """Whether the term has passed and nobody has handled the request."""
    return (
        request.state in {RequestState.RECEIVED, RequestState.ASSIGNED} and request.deadline < timezone.now()
    )


def left_of(request: ServiceRequest) -> timedelta | None:
    """The time until the request is due, below zero after that; None once it is handled."""
    is_open = request.state in {RequestState.RECEIVED, RequestState.ASSIGNED}
    return request.deadline - timezone.now() if is_open else None


def places_known(viewer: Viewer, requests: Iterable[ServiceRequest]) -> tuple[list[str], list[str]]:
    """Numbers of the open requests whose exact place the viewer sees, and of the other open ones."""
    policy = RowPolicy(viewer, ServiceRequest)
    known: list[str] = []
    others: list[str] = []
    for request in requests:
        if request.state != RequestState.CLOSED:
            decisions = policy.fields(request)
            is_named = decisions["number"].is_clear
            is_known = decisions["geometry"].is_clear and is_named
            (known if is_known else others).append(request.number if is_named else f"#{request.pk}")
    return known, others


def replies_of(viewer: Viewer, request: ServiceRequest) -> list[dict[str, Any]]:
    """The replies, oldest first, each text under the decision of its row."""
    rows = visible_rows(viewer, RequestReply.objects.filter(request=request))
    policy, shown = RowPolicy(viewer, RequestReply), []
    for row in rows.select_related("written_by", "request__department"):
        seen(RequestReply._meta.label, (row.pk,), ("kind", "text", "written_at", "written_by"))
        decision = policy.fields(row)["text"]
        shown.append(
            {
                "pk": row.pk,
                "kind": row.kind,
                "title": row.get_kind_display(),
                "at": row.written_at,
                "by": row.written_by.display_name or row.written_by.username,
                "text": masked(row.text, decision, row=row),
                "why": ""
                if decision.is_clear
                else explained(decision, object_type=row._meta.label, field="text"),
            }
        )
    return shown


@dataclass(frozen=True, slots=True)
class Sketch:
    """The streets around a place, in metres from it; of a masked place the cell in which it lies."""

    longitude: float
    latitude: float
    why: str  # the place is only the middle of a cell, because ...
    width: float
    height: float
    cell: tuple[float, float] | None = None  # width and height of the cell
    streets: list[tuple[str, str]] = field(default_factory=list)  # class and path
    names: list[tuple[str, float, float]] = field(default_factory=list)


def sketch_of(viewer: Viewer, request: ServiceRequest) -> Sketch | None:
    """The surroundings of a request as the viewer may see its place; None where there is none for them."""
    decision = row_fields(viewer, request)["geometry"]
    place = masked(request.geometry, decision, row=request)
    if place is None:
        return None
    seen(ServiceRequest._meta.label, (), ("geometry",))
    reach = NEAR if decision.is_clear else WIDE
    width, height = 4.0 * reach, 2.0 * reach
    why = (
        "" if decision.is_clear else explained(decision, object_type="city.ServiceRequest", field="geometry")
    )
    frame = Frame(place, width, height)
    segments = list(visible_rows(viewer, RoadSegment.objects.filter(geometry__bboverlaps=frame.box)))
    return Sketch(
        longitude=place.x,
        latitude=place.y,
        why=why,
        width=width,
        height=height,
        cell=None if decision.is_clear else frame.cell(),
        streets=[(row.road_class, frame.path(row.geometry.coords)) for row in segments],
        names=frame.names(segments),
    )


class Frame:
    """Metres east and south of a place."""

    def __init__(self, middle: Point, width: float, height: float) -> None:
        self.x, self.y, self.width, self.height = middle.x, middle.y, width, height
        self.east = METRES * math.cos(math.radians(middle.y))
        half = (
            width / self.east,
            height / METRES,
        )  # more than the frame: wide screens show what is beside it
        self.box = Polygon.from_bbox(
            (middle.x - half[0], middle.y - half[1], middle.x + half[0], middle.y + half[1])
        )

    def metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        """A position in the sketch."""
        return round((longitude - self.x) * self.east, 1), round((self.y - latitude) * METRES, 1)

    def path(self, line: Sequence[Sequence[float]]) -> str:
        """A line as SVG writes it."""
        points = (self.metres(point[0], point[1]) for point in line)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)

    def cell(self) -> tuple[float, float]:
        """Width and height of the cell of a masked place."""
        size = settings.PRIVACY_GRID_DEGREES
        return round(size * self.east, 1), round(size * METRES, 1)

    def names(self, segments: Iterable[RoadSegment]) -> list[tuple[str, float, float]]:
        """Names of streets, each once, where the middle of a segment lies well inside of the sketch."""
        found: dict[str, tuple[str, float, float]] = {}
        in_english = str(get_language()).startswith("en")
        for row in segments:
            middle = row.geometry.coords[len(row.geometry.coords) // 2]
            x, y = self.metres(*middle[:2])
            inside = abs(x) < 0.4 * self.width and abs(y) < 0.42 * self.height
            apart = all(abs(y - other[2]) > self.height / 14 for other in found.values())
            name = row.name_en if in_english and row.name_en else row.name
            if inside and apart and name not in found and len(found) < LABELS:
                found[name] = (name, x, y)
        return list(found.values())
