"""A timetable: a ZIP archive of tables (GTFS), read as a whole and checked before any of it is kept."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.core.sentences import sentence as _

PART_MOST = 256 << 20  # bytes of one table when unpacked
NEEDED = ("stops", "routes", "trips", "stop_times")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FAULTS_SHOWN = 5
MOST_HOURS = 9999  # of a time of day, counted from the first day of a trip
EAST_MOST, NORTH_MOST = 180, 90
Row = dict[str, str]
Point = tuple[float, float]  # longitude, latitude


@dataclass
class Timetable:
    """The tables of a feed, rows as text, and the parts that take work: shapes and times of trips."""

    stops: list[Row]
    routes: list[Row]
    trips: list[Row]
    services: dict[str, Row]
    added: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    removed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    shapes: dict[str, list[Point]] = field(default_factory=dict)
    times: dict[str, tuple[int, int]] = field(default_factory=dict)  # trip -> first and last second
    notes: list[str] = field(default_factory=list)


def timetable_read(content: bytes) -> Timetable:
    """The checked timetable of an archive; ProblemError names the first faults."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
        csv.Error,
    ) as error:
        raise ProblemError(
            _("The timetable is no readable ZIP archive of tables."), "address", 502
        ) from error


def _read(archive: zipfile.ZipFile) -> Timetable:
    missing = [name for name in NEEDED if f"{name}.txt" not in archive.namelist()]
    if missing:
        detail = _("The timetable lacks %(names)s.") % {"names": ", ".join(f"{name}.txt" for name in missing)}
        raise ProblemError(detail, "address", 502, "format")
    timetable = Timetable(
        stops=list(_rows(archive, "stops")),
        routes=list(_rows(archive, "routes")),
        trips=list(_rows(archive, "trips")),
        services={row["service_id"]: row for row in _rows(archive, "calendar")},
    )
    for row in _rows(archive, "calendar_dates"):
        days = timetable.added if row.get("exception_type") == "1" else timetable.removed
        days[row["service_id"]].append(day_of(row.get("date", "")).isoformat())
        timetable.services.setdefault(row["service_id"], {"service_id": row["service_id"]})
    timetable.shapes = _shapes(_rows(archive, "shapes"))
    _check(timetable)
    _times(timetable, _rows(archive, "stop_times"))
    return timetable


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[Row]:
    """The rows of one table; none where the feed has no such table."""
    if f"{name}.txt" not in archive.namelist():
        return
    if archive.getinfo(f"{name}.txt").file_size > PART_MOST:
        raise ProblemError(_("The timetable unpacks to too much."), "address", 502, "too_large")
    with archive.open(f"{name}.txt") as handle:
        reader = csv.DictReader(io.TextIOWrapper(handle, "utf-8-sig", newline=""), restval="")
        for row in reader:
            yield {str(key).strip(): (value or "").strip() for key, value in row.items() if key}


def _check(timetable: Timetable) -> None:
    """Every id that a table refers to must exist, and every place must lie on the earth."""
    routes = {row.get("route_id", "") for row in timetable.routes}
    stops = {row.get("stop_id", "") for row in timetable.stops}
    faults = [
        *_absent(timetable.trips, "trip_id", "route_id", routes),
        *_absent(timetable.trips, "trip_id", "service_id", set(timetable.services)),
        *_absent(
            [row for row in timetable.stops if row.get("parent_station")], "stop_id", "parent_station", stops
        ),
        *[f"{row.get('stop_id')}: stop_lat, stop_lon" for row in timetable.stops if place_of(row) is None],
        *_twice(timetable.stops, "stop_id"),
        *_twice(timetable.routes, "route_id"),
        *_twice(timetable.trips, "trip_id"),
    ]
    if faults:
        detail = _("The timetable has %(count)d faults, such as: %(faults)s.")
        shown = "; ".join(faults[:FAULTS_SHOWN])
        raise ProblemError(detail % {"count": len(faults), "faults": shown}, "address", 502, "content")


def _absent(rows: Sequence[Row], own: str, column: str, known: set[str]) -> list[str]:
    return [f"{row.get(own)}: {column}" for row in rows if row.get(column, "") not in known]


def _twice(rows: Sequence[Row], column: str) -> list[str]:
    counts = Counter(row.get(column, "") for row in rows)
    return [f"{code}: {column}" for code, count in counts.items() if count > 1]


def place_of(row: Row) -> Point | None:
    """Longitude and latitude of a stop; None when they are none."""
    try:
        longitude, latitude = float(row["stop_lon"]), float(row["stop_lat"])
    except (KeyError, ValueError):
        return None
    return (longitude, latitude) if abs(longitude) <= EAST_MOST and abs(latitude) <= NORTH_MOST else None


def day_of(text: str) -> date:
    """A GTFS day such as 20260131; ProblemError when it is none."""
    try:
        return datetime.strptime(f"{text}+0000", "%Y%m%d%z").date()
    except ValueError as error:
        detail = _("%(text)s is no day of a timetable.") % {"text": repr(text[:20])}
        raise ProblemError(detail, "address", 502, "content") from error


def _shapes(rows: Iterator[Row]) -> dict[str, list[Point]]:
    """Shape id -> its points in order; points that are none are left out."""
    found: dict[str, list[tuple[float, Point]]] = defaultdict(list)
    for row in rows:
        place = place_of({"stop_lon": row.get("shape_pt_lon", ""), "stop_lat": row.get("shape_pt_lat", "")})
        number = whole_number(row.get("shape_pt_sequence"))
        if place is not None and number is not None:
            found[row.get("shape_id", "")].append((number, place))
    return {shape: [place for _number, place in sorted(points)] for shape, points in found.items()}


def _times(timetable: Timetable, rows: Iterator[Row]) -> None:
    """First and last second of each trip; stop times of unknown trips or stops are counted and left out."""
    trips = {row["trip_id"] for row in timetable.trips}
    stops, strangers = {row["stop_id"] for row in timetable.stops}, 0
    for row in rows:
        trip = row.get("trip_id", "")
        if trip not in trips or row.get("stop_id", "") not in stops:
            strangers += 1
            continue
        known = [_seconds(row.get(name, "")) for name in ("arrival_time", "departure_time")]
        moments = [moment for moment in known if moment is not None]
        if moments:
            first, last = timetable.times.get(trip, (moments[0], moments[0]))
            timetable.times[trip] = (min(first, *moments), max(last, *moments))
    if strangers:
        timetable.notes.append(_("%(count)d stop times name an unknown trip or stop.") % {"count": strangers})


def _seconds(text: str) -> int | None:
    """Seconds of a time such as 25:10:00, which may pass midnight."""
    parts = [whole_number(part, high=MOST_HOURS) for part in text.split(":")]
    if len(parts) != len("hms") or None in parts:
        return None
    hours, minutes, seconds = (part or 0 for part in parts)
    return hours * 3600 + minutes * 60 + seconds
