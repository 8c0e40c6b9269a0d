"""One sensor file into the city: segments, things, datastreams, links, readings. Safe to repeat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.contrib.gis.geos import LineString
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.domains import domain_get
from apps.core.errors import ProblemError
from apps.core.sentences import sentence_of
from apps.core.units import unit_factor
from apps.domains.city.models import RoadClass, RoadSegment
from apps.domains.city.services.importing.files import mapping_read, sheet_read
from apps.domains.city.services.importing.places import (
    REACH_METRES,
    LonLat,
    adjacency_read,
    lines_drawn,
    locations_read,
)
from apps.domains.city.services.importing.tables import Clock, Table, table_of
from apps.domains.city.services.roads import links_store
from apps.sensing.data import Batch, Floats, Integers
from apps.sensing.selectors import datastreams_of
from apps.sensing.services import datastreams_register, readings_store, things_register
from apps.sensing.services.registering import ThingFacts

CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
NO_GAP = 2**31 - 1  # seconds: what a file leaves out is no gap of a feed


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """A file with readings, and what is known about it."""

    file: Path
    locations: Path
    clock: Clock
    kind: str = "speed"
    unit: str = "km/h"
    adjacency: Path | None = None
    mapping: Path | None = None
    prefix: str = ""  # put before every sensor's name to make its code
    title: str = ""  # put before every sensor's name to make the segment's name
    speed_limit: float = 105.0  # km/h


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    segments: int
    links: int
    stored: int
    repeated: int
    conflict: int  # rows with another value than the stored one, which stays
    first: datetime
    last: datetime
    datastream_ids: tuple[int, ...]  # in the order of the file's sensors


def series_import(source: SeriesSource) -> Imported:
    """Bring a sensor file in; everything is checked before anything is written."""
    mapping = mapping_read(source.mapping)
    scale, offset = _factor(source)
    table = table_of(sheet_read(source.file), mapping=mapping, clock=source.clock)
    if not len(table.values):
        raise ProblemError(_("%(file)s holds no reading.") % {"file": source.file.name}, "file")
    places = _places(source, table, locations_read(source.locations, mapping=mapping))
    count = len(table.sensors)
    weights = adjacency_read(source.adjacency, sensors=count) if source.adjacency else np.eye(count)
    codes = [f"{source.prefix}{sensor}" for sensor in table.sensors]
    ids, links = _register(source, codes, places, weights)
    batch = Batch(ids[table.places], table.times * 1_000_000, table.values * scale + offset)
    stored = readings_store(batch=batch)
    first, last = (datetime.fromtimestamp(int(moment), UTC) for moment in (table.times[0], table.times[-1]))
    counts = (stored.stored, stored.repeated, len(stored.conflicts))
    return Imported(count, links, *counts, first, last, tuple(ids.tolist()))


def _factor(source: SeriesSource) -> tuple[float, float]:
    known = {kind.key: kind for kind in domain_get("city").kinds}
    if source.kind not in known:
        words = _("There is no kind %(kind)s; known are: %(known)s.")
        raise ProblemError(words % {"kind": source.kind, "known": ", ".join(known)}, "kind")
    try:
        return unit_factor(source.unit, known[source.kind].unit)
    except ValueError as error:
        raise ProblemError(sentence_of(error), "unit") from error


def _places(source: SeriesSource, table: Table, known: dict[str, LonLat]) -> list[LonLat]:
    for sensor in table.sensors:
        if not CODE.fullmatch(f"{source.prefix}{sensor}"):
            words = _("The sensor name %(name)r must be letters, digits, - and _.")
            raise ProblemError(words % {"name": sensor}, sensor)
        if sensor not in known:
            words = _("%(file)s says nothing about the place of sensor %(name)s.")
            raise ProblemError(words % {"file": source.locations.name, "name": sensor}, "locations")
    return [known[sensor] for sensor in table.sensors]


@transaction.atomic
def _register(
    source: SeriesSource, codes: list[str], places: list[LonLat], weights: Floats
) -> tuple[Integers, int]:
    """Segments with things, streams and links; the stream ids in the order of ``codes``.

    Segments that exist keep their names and lines: somebody may have drawn them better since.
    """
    known = set(RoadSegment.objects.filter(code__in=codes).values_list("code", flat=True))
    names = {code: f"{source.title} {code.removeprefix(source.prefix)}".strip() for code in codes}
    facts = [ThingFacts(code, names[code]) for code in codes if code not in known]
    things = things_register(domain="city", things=facts)
    datastreams_register(domain="city", things=things, kinds=[source.kind])
    fresh = datastreams_of(domain="city", kind=source.kind).filter(thing__in=list(things.values()))
    past = {"historical": True, "max_age": NO_GAP, "max_step": None, "stuck_after": None}
    fresh.update(interval=source.clock.step or 300, **past)
    RoadSegment.objects.bulk_create(
        _segment(source, code, names[code], things[code].pk, line)
        for code, line in zip(codes, lines_drawn(places, weights), strict=True)
        if code not in known
    )
    pairs = np.argwhere((weights > 0) & ~np.eye(len(codes), dtype=bool))
    links = links_store((codes[a], codes[b], float(weights[a, b])) for a, b in pairs)
    return _stream_ids(source.kind, codes), links


def _stream_ids(kind: str, codes: list[str]) -> Integers:
    keys = [f"city.{code}.{kind}" for code in codes]
    ids = dict(datastreams_of(domain="city", kind=kind).filter(key__in=keys).values_list("key", "pk"))
    missing = [key for key in keys if key not in ids]
    if missing:
        words = _("The segment exists, but it has no active datastream %(key)s.")
        raise ProblemError(words % {"key": missing[0]}, missing[0], 409)
    return np.array([ids[key] for key in keys], dtype=np.int64)


def _segment(source: SeriesSource, code: str, name: str, thing_id: int, line: list[LonLat]) -> RoadSegment:
    return RoadSegment(
        code=code,
        name=name,
        name_en=name,
        road_class=RoadClass.DETECTOR,
        speed_limit=source.speed_limit,
        length=2 * REACH_METRES,
        thing_id=thing_id,
        geometry=LineString(line, srid=4326),
    )
