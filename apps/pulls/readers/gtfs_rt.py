"""Live positions and delays of vehicles: GTFS Realtime 2.0, counted for each route.

Vehicles are not kept: a feed becomes one number for each route, how many report and how late they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from importlib import import_module
from statistics import fmean
from typing import Any, NamedTuple

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.pulls.data import Fetched, GtfsRtMapping
from apps.pulls.models import Source
from apps.pulls.readers.reaching import source_fetch
from apps.pulls.selectors import trip_routes

SCHEDULED = 0  # ScheduleRelationship of a trip and of a stop


class Read(NamedTuple):
    """The rows of a feed, the routes that have vehicles, and those whose delay nobody tells."""

    rows: list[dict[str, Any]]
    routes: list[str]
    untold: list[str]


def read(source: Source, mapping: GtfsRtMapping) -> Fetched:
    """One row for each route and number, at the time of the feed."""
    answer = source_fetch(source, mapping)
    if answer is None:
        return Fetched(unchanged=True)
    bindings = import_module("google.transit.gtfs_realtime_pb2")
    errors = import_module("google.protobuf.message")
    feed = bindings.FeedMessage()
    try:
        feed.ParseFromString(answer.body)
    except errors.DecodeError as error:
        raise ProblemError(_("The answer is no GTFS Realtime feed."), "address", 502, "format") from error
    if not feed.header.timestamp:
        raise ProblemError(_("The feed does not say when it was made."), "address", 502, "format")
    headers = answer.headers
    before = source.position.get("routes", [])
    rows, routes, untold = feed_rows(feed, mapping, before=before if isinstance(before, list) else [])
    note = (
        _("No delay is given, only times, for: %(routes)s.") % {"routes": ", ".join(untold)} if untold else ""
    )
    return Fetched(
        rows,
        note=note,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        position={"routes": routes},
    )


def feed_rows(feed: Any, mapping: GtfsRtMapping, *, before: Sequence[str] = ()) -> Read:
    """Vehicles and mean delay (s) of each route, in the shape that every channel decodes.

    A route that had vehicles ``before`` and has none now has 0.
    """
    entities = [entity for entity in feed.entity if not entity.is_deleted]
    places = _Routes(entities, mapping)
    vehicles: dict[str, set[str]] = defaultdict(set, {route: set() for route in before})
    untold: set[str] = set()
    delays: dict[str, list[float]] = defaultdict(list)
    for entity in entities:
        if entity.HasField("vehicle") and (route := places.of(entity.vehicle.trip)):
            vehicles[route].add(entity.vehicle.vehicle.id or entity.id)
        if entity.HasField("trip_update") and (route := places.of(entity.trip_update.trip)):
            found_delay = _delay(entity.trip_update, now=feed.header.timestamp)
            delays[route] += [] if found_delay is None else [found_delay]
            if found_delay is None and _has_times(entity.trip_update):
                untold.add(route)
    found: dict[str, dict[str, float]] = {}
    if mapping.vehicles:
        found[mapping.vehicles] = {route: float(len(ids)) for route, ids in vehicles.items()}
    if mapping.delay:
        found[mapping.delay] = {route: fmean(values) for route, values in delays.items() if values}
    moment = feed.header.timestamp * 1000
    rows = [
        {"datastream": template.replace("{route}", route), "phenomenonTime": moment, "result": value}
        for template, by_route in found.items()
        for route, value in sorted(by_route.items())
    ]
    running = sorted(route for route, ids in vehicles.items() if ids)
    return Read(rows, running, sorted(route for route in untold if not delays.get(route)))


class _Routes:
    """The route of a trip: as the feed says, or as the timetable knows."""

    def __init__(self, entities: list[Any], mapping: GtfsRtMapping) -> None:
        self._codes = mapping.routes
        trips = [entity.vehicle.trip for entity in entities] + [
            entity.trip_update.trip for entity in entities
        ]
        unknown = {trip.trip_id for trip in trips if trip.trip_id and not trip.route_id}
        known = mapping.timetable is not None and unknown
        self._trips = trip_routes(source_id=mapping.timetable or 0, trips=unknown) if known else {}

    def of(self, trip: Any) -> str:
        """Our code of its route; "" when nobody knows it."""
        route = trip.route_id or self._trips.get(trip.trip_id, "")
        return self._codes.get(route, route)


def _delay(update: Any, *, now: int) -> float | None:
    """How late the vehicle is (s), as the trip or its next stop after ``now`` says; None if unknown."""
    if update.trip.schedule_relationship != SCHEDULED:
        return None
    if update.HasField("delay"):
        return float(update.delay)
    for stop in update.stop_time_update:
        leaves = max(stop.arrival.time, stop.departure.time)  # 0 where no time is given
        if stop.schedule_relationship != SCHEDULED or 0 < leaves < now:
            continue  # not served, or left behind
        for event in (stop.arrival, stop.departure):
            if event.HasField("delay"):
                return float(event.delay)
    return None


def _has_times(update: Any) -> bool:
    """Whether the trip tells when it will be somewhere."""
    return any(stop.arrival.time or stop.departure.time for stop in update.stop_time_update)
