"""A fetched timetable put in the place of the one before, as a whole or not at all."""

from __future__ import annotations

from collections import Counter

from django.contrib.gis.geos import LineString, Point
from django.db import transaction

from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_joined
from apps.pulls.data import Fetched, GtfsMapping
from apps.pulls.models import Source, TransitRoute, TransitService, TransitStop, TransitTrip
from apps.pulls.readers.gtfs import WEEKDAYS, Row, Timetable, day_of, place_of, timetable_read
from apps.pulls.readers.reaching import source_fetch

FEWEST_POINTS = 2
HIGHEST_KIND = 9999  # of the extended kinds of routes, the last is 1702


def timetable_pull(source: Source, mapping: GtfsMapping) -> Fetched:
    """Fetch, check and keep a timetable; says how much it holds."""
    answer = source_fetch(source, mapping)
    if answer is None:
        return Fetched(unchanged=True)
    timetable = timetable_read(answer.body)
    timetable_keep(source, timetable)
    counts = {"stops": len(timetable.stops), "routes": len(timetable.routes), "trips": len(timetable.trips)}
    note = _("%(stops)d stops, %(routes)d routes, %(trips)d trips.") % counts
    headers = answer.headers
    return Fetched(
        note=sentence_joined(note, *timetable.notes),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        counted=sum(counts.values()),
    )


@transaction.atomic
def timetable_keep(source: Source, timetable: Timetable) -> None:
    """Replace the rows of a source; who reads meanwhile sees the old timetable or the new one."""
    for model in (TransitTrip, TransitRoute, TransitService, TransitStop):
        model.objects.filter(source=source).delete()
    TransitStop.objects.bulk_create([_stop(source, row) for row in timetable.stops], batch_size=1000)
    lines, counts = _lines(timetable), Counter(row["route_id"] for row in timetable.trips)
    routes = [_route(source, row, lines, counts) for row in timetable.routes]
    by_code = {route.code: route for route in TransitRoute.objects.bulk_create(routes, batch_size=1000)}
    services = [_service(source, timetable, code) for code in timetable.services]
    calendars = {each.code: each for each in TransitService.objects.bulk_create(services, batch_size=1000)}
    trips = [
        _trip(row, timetable, by_code[row["route_id"]], calendars[row["service_id"]])
        for row in timetable.trips
    ]
    TransitTrip.objects.bulk_create(trips, batch_size=2000)


def _stop(source: Source, row: Row) -> TransitStop:
    return TransitStop(
        source=source,
        code=row["stop_id"][:120],
        name=row.get("stop_name", "")[:200],
        zone=row.get("zone_id", "")[:60],
        parent=row.get("parent_station", "")[:120],
        geometry=Point(place_of(row) or (0.0, 0.0), srid=4326),
    )


def _route(source: Source, row: Row, lines: dict[str, LineString], counts: Counter[str]) -> TransitRoute:
    kind = whole_number(row.get("route_type"), high=HIGHEST_KIND)
    if kind is None:
        detail = _("Route %(code)s has no means of transport.") % {"code": row["route_id"][:40]}
        raise ProblemError(detail, "address", 502, "content")
    return TransitRoute(
        source=source,
        code=row["route_id"][:120],
        short_name=row.get("route_short_name", "")[:60],
        name=row.get("route_long_name", "")[:200],
        route_type=kind,
        colour=row.get("route_color", "")[:6],
        trips=counts[row["route_id"]],
        geometry=lines.get(row["route_id"]),
    )


def _service(source: Source, timetable: Timetable, code: str) -> TransitService:
    row = timetable.services[code]
    return TransitService(
        source=source,
        code=code[:120],
        weekdays="".join("1" if row.get(day) == "1" else "0" for day in WEEKDAYS),
        start=day_of(row["start_date"]) if row.get("start_date") else None,
        end=day_of(row["end_date"]) if row.get("end_date") else None,
        added=sorted(timetable.added.get(code, [])),
        removed=sorted(timetable.removed.get(code, [])),
    )


def _trip(row: Row, timetable: Timetable, route: TransitRoute, service: TransitService) -> TransitTrip:
    departure, arrival = timetable.times.get(row["trip_id"], (None, None))
    direction = row.get("direction_id", "")
    return TransitTrip(
        source=route.source,
        code=row["trip_id"][:120],
        route=route,
        service=service,
        headsign=row.get("trip_headsign", "")[:200],
        direction=int(direction) if direction in {"0", "1"} else None,
        departure=departure,
        arrival=arrival,
    )


def _lines(timetable: Timetable) -> dict[str, LineString]:
    """Route -> the shape of its trips with the most points."""
    found: dict[str, str] = {}
    for row in timetable.trips:
        shape, best = row.get("shape_id", ""), found.get(row["route_id"], "")
        if len(timetable.shapes.get(shape, ())) > len(timetable.shapes.get(best, ())):
            found[row["route_id"]] = shape
    return {
        route: LineString(timetable.shapes[shape], srid=4326)
        for route, shape in found.items()
        if len(timetable.shapes[shape]) >= FEWEST_POINTS
    }
