"""What the city wants planned: inspection rounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.gis.geos import MultiPoint, Point, Polygon
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.domains.city.models import InspectionSite, RoadSegment, ServiceRequest
from apps.domains.city.selectors import (
    Speeds,
    SpeedSource,
    depot_get,
    segment_speeds,
    segments_within,
    sites_due,
)
from apps.privacy.services import visible_rows
from apps.scheduling.data import (
    BuiltProblem,
    Edge,
    LonLat,
    PlannedSite,
    Site,
    Vehicle,
    VrptwProblem,
    Ways,
    quickest_ways,
)

AN_HOUR = timedelta(hours=1)
MARGIN = 0.1  # degrees, about ten kilometres
LEAST_SHIFT = timedelta(hours=2)  # with less of today's shift left, tomorrow is planned
PRIZE = 7200  # seconds of driving that one step of priority is worth
CAPACITY = 1_000  # rounds carry nothing; the number of visits has no limit of its own
SERVICE = 20 * 60  # seconds at the place of a request, which names no duration of its own


@dataclass(frozen=True, slots=True)
class Shift:
    """One day's work: local midnight, and begin and end in seconds from it."""

    zero: datetime
    begins: int
    ends: int

    @property
    def hours(self) -> list[datetime]:
        """The hours of the shift, by their beginnings."""
        start, end = (self.zero + timedelta(seconds=moment) for moment in (self.begins, self.ends))
        return [start + number * AN_HOUR for number in range(max(math.ceil((end - start) / AN_HOUR), 1))]


@dataclass(frozen=True, slots=True)
class Visit:
    """One place of the round: the row behind it, where it is, and what the solver is told of it."""

    planned: PlannedSite
    place: Point
    site: Site


def inspection_rounds(
    *, parameters: Mapping[str, Any], viewer: Viewer, now: datetime | None = None
) -> BuiltProblem:
    """Visit the chosen places, or the sites that are due, while they are open, with the least driving.

    Places and streets are those that the viewer may know of.
    """
    now = now or timezone.now()
    shift, depot = _shift(parameters, now), depot_get(parameters.get("start") or "", viewer=viewer)
    by = max(now, shift.zero) + timedelta(days=parameters["due_within"])
    visits = _visits(parameters, shift, by=by, viewer=viewer)
    places = [depot.geometry, *(visit.place for visit in visits)]
    streets = segments_within(area_around(places), viewer=viewer)
    best = SpeedSource(int(parameters["speed_source"]))
    speeds = segment_speeds(streets, best=best, hours=shift.hours, now=now)
    ways = street_ways(streets, speeds, places)
    return BuiltProblem(
        problem=VrptwProblem(
            sites=tuple(visit.site for visit in visits),
            vehicles=_vehicles(int(parameters["vehicles"]), shift),
            durations=ways.seconds,
            costs=ways.seconds,
        ),
        objects=tuple(visit.planned for visit in visits),
        ways=ways,
        zero=shift.zero,
        depot=(depot.geometry.x, depot.geometry.y),
        notes=_notes(speeds, depot, shift),
        used=speeds.used,
    )


def _shift(parameters: Mapping[str, Any], now: datetime) -> Shift:
    """The shift of the chosen day, today's from now on; without a day tomorrow's when little is left."""
    begins, ends = (timedelta(hours=parameters[name]) for name in ("shift_start", "shift_end"))
    if begins >= ends:
        raise ProblemError(_("The shift must end after it starts."), "shift_end")
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    chosen = parameters.get("day") or ""
    day = date.fromisoformat(chosen) if chosen else today
    zero = datetime.combine(day, time(), zone)
    if not chosen and zero + ends - now < min(LEAST_SHIFT, ends - begins):
        zero = datetime.combine(today + timedelta(days=1), time(), zone)
    since = math.ceil((now - zero).total_seconds() / 300) * 300  # crews start on whole five minutes
    starts, stops = max(int(begins.total_seconds()), since), int(ends.total_seconds())
    if starts >= stops:
        raise ProblemError(_("The shift of that day is over; choose a later day."), "day", 409)
    return Shift(zero, starts, stops)


def _visits(parameters: Mapping[str, Any], shift: Shift, *, by: datetime, viewer: Viewer) -> list[Visit]:
    codes = list(parameters.get("visit") or [])
    if codes:
        return _chosen(codes, shift, viewer)
    sites = sites_due(by=by, viewer=viewer)[: int(parameters["sites"])]
    if not sites:
        raise ProblemError(_("No site is due; raise the number of days."), "due_within", 409)
    return [_of_site(site, prize=PRIZE * site.priority) for site in sites]


def _chosen(codes: Sequence[str], shift: Shift, viewer: Viewer) -> list[Visit]:
    """The places that the planner chose; one is left out only when no team can reach it."""
    sites = visible_rows(viewer, InspectionSite.objects.all()).in_bulk(codes, field_name="code")
    others = [code for code in codes if code not in sites]
    known = visible_rows(viewer, ServiceRequest.objects.only("number", "geometry"))
    requests = known.in_bulk(others, field_name="number")
    gone = [code for code in others if code not in requests]
    if gone:
        words = _("These places are gone: %(codes)s; make a new plan without them.")
        raise ProblemError(words % {"codes": ", ".join(gone)}, "visit", 409)
    return [
        _of_site(sites[code], prize=None) if code in sites else _of_request(requests[code], shift)
        for code in codes
    ]


def _of_site(site: InspectionSite, *, prize: int | None) -> Visit:
    earliest, latest = (moment.hour * 3600 + moment.minute * 60 for moment in (site.opens, site.closes))
    service = site.service_minutes * 60
    # A visit ends before the site closes.
    window = Site(site.code, service, earliest, max(latest - service, earliest), prize=prize)
    return Visit(PlannedSite("city.InspectionSite", site.pk, site.name), site.geometry, window)


def _of_request(request: ServiceRequest, shift: Shift) -> Visit:
    """The place of a complaint, often a home: open the whole shift, drawn no finer than its mask."""
    latest = max(shift.ends - SERVICE, shift.begins)
    window = Site(request.number, SERVICE, shift.begins, latest)
    place = (request.geometry.x, request.geometry.y)
    planned = PlannedSite("city.ServiceRequest", request.pk, request.number, protected=place)
    return Visit(planned, request.geometry, window)


def _vehicles(count: int, shift: Shift) -> tuple[Vehicle, ...]:
    return tuple(
        Vehicle(_("Team %(number)d") % {"number": number}, CAPACITY, shift.begins, shift.ends)
        for number in range(1, count + 1)
    )


def area_around(places: Sequence[Point]) -> Polygon:
    """The box around ``places`` with room for detours."""
    west, south, east, north = MultiPoint(*places).extent
    return Polygon.from_bbox((west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN))


def street_ways(segments: QuerySet[RoadSegment], speeds: Speeds, places: Sequence[Point]) -> Ways:
    """Quickest ways along the streets; segments meet where their end points are the same."""
    nodes: dict[LonLat, int] = {}
    edges = []
    for pk, length, line in segments.values_list("pk", "length", "geometry"):
        points = tuple((round(lon, 6), round(lat, 6)) for lon, lat in line.coords)
        start, end = (nodes.setdefault(point, len(nodes)) for point in (points[0], points[-1]))
        seconds = length / (speeds.kmh[pk] / 3.6)
        edges.append(Edge(start, end, length, seconds, points))
        edges.append(Edge(end, start, length, seconds, points[::-1]))
    if not edges:
        raise ProblemError(_("There are no road segments to drive on."), "sites", 409)
    return quickest_ways(edges, [_nearest(nodes, place) for place in places], nodes=len(nodes))


def _nearest(nodes: Mapping[LonLat, int], place: Point) -> int:
    shrink = math.cos(math.radians(place.y)) ** 2
    return min(
        nodes.items(), key=lambda node: shrink * (node[0][0] - place.x) ** 2 + (node[0][1] - place.y) ** 2
    )[1]


def _notes(speeds: Speeds, depot: InspectionSite, shift: Shift) -> dict[str, Any]:
    """Codes and numbers, so that each reader gets them in their language."""
    return {
        "depot": depot.name,
        "day": timezone.localdate(shift.zero, timezone.get_default_timezone()).isoformat(),
        "speed_source": speeds.best.name.lower(),
        "speeds": [
            {
                "begins": hour.begins.isoformat(timespec="minutes"),
                **{source.name.lower(): count for source, count in sorted(hour.counts.items())},
            }
            for hour in speeds.hours
        ],
    }
