"""What the city wants planned: inspection rounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.gis.geos import MultiPoint, Point, Polygon
from django.db.models import QuerySet
from django.utils import timezone

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.domains.city.models import InspectionSite, RoadSegment
from apps.domains.city.selectors import (
    Speeds,
    SpeedSource,
    depot_get,
    segment_speeds,
    segments_within,
    sites_due,
)
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

LOOK_AHEAD = timedelta(minutes=30)  # the middle of the forecast's hour
MARGIN = 0.1  # degrees, about ten kilometres
LEAST_SHIFT = timedelta(hours=2)  # with less of today's shift left, tomorrow is planned
PRIZE = 7200  # seconds of driving that one step of priority is worth
CAPACITY = 1_000  # rounds carry nothing; the number of visits has no limit of its own


@dataclass(frozen=True, slots=True)
class Shift:
    """One day's work: local midnight, and begin and end in seconds from it."""

    zero: datetime
    begins: int
    ends: int


def inspection_rounds(*, parameters: Mapping[str, float], now: datetime | None = None) -> BuiltProblem:
    """Visit the sites that are due, within their opening hours, with the least driving time."""
    now = now or timezone.now()
    shift, depot = _shift(parameters, now), depot_get()
    due = sites_due(by=now + timedelta(days=parameters["due_within"]))
    sites = list(due[: int(parameters["sites"])])
    if not sites:
        raise ProblemError(_("No site is due; raise the number of days."), "due_within", 409)
    places = [depot.geometry, *(site.geometry for site in sites)]
    area, best = area_around(places), SpeedSource(int(parameters["speed_source"]))
    speeds = segment_speeds(area, best=best, at=now + LOOK_AHEAD, now=now)
    ways = street_ways(segments_within(area), speeds, places)
    return BuiltProblem(
        problem=VrptwProblem(
            sites=tuple(_site(site) for site in sites),
            vehicles=_vehicles(int(parameters["vehicles"]), shift),
            durations=ways.seconds,
            costs=ways.seconds,
        ),
        objects=tuple(PlannedSite("city.InspectionSite", site.pk, site.name) for site in sites),
        ways=ways,
        zero=shift.zero,
        notes=_notes(speeds, depot, at=now + LOOK_AHEAD),
        used=speeds.used,
    )


def _shift(parameters: Mapping[str, float], now: datetime) -> Shift:
    """Today's shift from now on, or tomorrow's when little of today's is left."""
    begins, ends = (timedelta(hours=parameters[name]) for name in ("shift_start", "shift_end"))
    if begins >= ends:
        raise ProblemError(_("The shift must end after it starts."), "shift_end")
    local = timezone.localtime(now, timezone.get_default_timezone())
    zero = datetime.combine(local.date(), time(), local.tzinfo)
    if zero + ends - now < min(LEAST_SHIFT, ends - begins):
        zero += timedelta(days=1)
    since = math.ceil((now - zero).total_seconds() / 300) * 300  # crews start on whole five minutes
    return Shift(zero, max(int(begins.total_seconds()), since), int(ends.total_seconds()))


def _site(site: InspectionSite) -> Site:
    earliest, latest = (moment.hour * 3600 + moment.minute * 60 for moment in (site.opens, site.closes))
    service = site.service_minutes * 60
    return Site(
        key=site.code,
        service=service,
        earliest=earliest,
        latest=max(latest - service, earliest),  # a visit ends before the site closes
        prize=PRIZE * site.priority,
    )


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


def _notes(speeds: Speeds, depot: InspectionSite, *, at: datetime) -> dict[str, Any]:
    counts = sorted(speeds.counts.items())
    return {
        "depot": depot.name,
        "speeds": {source.name.lower(): count for source, count in counts},
        "speeds_for": at.isoformat(timespec="minutes"),
        "speed_source": counts[0][0].name.lower(),
    }
