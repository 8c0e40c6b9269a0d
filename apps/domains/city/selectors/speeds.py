"""How fast each road segment is: forecast, latest reading, or empty road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet

from apps.domains.city.models import STREETS, RoadSegment
from apps.sensing.data import Quality, ReadingsUsed
from apps.sensing.selectors import datastreams_of
from apps.training.selectors import forecasts_expected_from

FREE_SHARE = 0.8  # of the speed limit: what an empty street with signals allows
FRESH = timedelta(hours=1)
SLOWEST = 3.0  # km/h: no segment is closed by a standing queue


class SpeedSource(IntEnum):
    """Where a speed comes from; also the planner's choice of the best source to use."""

    FORECAST = 0
    LATEST = 1
    FREE_FLOW = 2


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speed of each segment by its id (km/h), how many came from which source, and from which readings."""

    kmh: Mapping[int, float]
    counts: Mapping[SpeedSource, int]
    used: ReadingsUsed | None  # the readings behind them


def segments_within(area: Polygon) -> QuerySet[RoadSegment]:
    """The streets whose box touches ``area``."""
    return RoadSegment.objects.filter(geometry__bboverlaps=area, road_class__in=STREETS)


def segment_speeds(area: Polygon, *, best: SpeedSource, at: datetime, now: datetime) -> Speeds:
    """The best known speed of every segment of ``area`` for the moment ``at``.

    Sources better than ``best`` are not asked.
    """
    latest = _latest(now)
    streams = {thing: stream for thing, (stream, _value) in latest.items()}
    expected, used = (
        forecasts_expected_from(streams.values(), at=at) if best == SpeedSource.FORECAST else ({}, None)
    )
    read: list[int] = []
    kmh: dict[int, float] = {}
    counts: Counter[SpeedSource] = Counter()
    for pk, thing, limit in segments_within(area).values_list("pk", "thing_id", "speed_limit"):
        forecast = expected.get(streams.get(thing, 0))
        seen = latest[thing][1] if thing in latest and best <= SpeedSource.LATEST else None
        known = [(SpeedSource.FORECAST, forecast), (SpeedSource.LATEST, seen)]
        source, value = next(
            ((name, found) for name, found in known if found is not None),
            (SpeedSource.FREE_FLOW, FREE_SHARE * limit),
        )
        kmh[pk] = max(value, SLOWEST)
        counts[source] += 1
        if source == SpeedSource.LATEST:
            read.append(streams[thing])
    if read:
        used = ReadingsUsed(tuple(read), now - FRESH, now, now).with_others(used)
    return Speeds(kmh, counts, used)


def _latest(now: datetime) -> dict[int, tuple[int, float | None]]:
    """Speed stream and fresh usable value by thing id."""
    rows = datastreams_of(domain="city", kind="speed").values_list(
        "thing_id", "pk", "latest__result", "latest__phenomenon_time", "latest__quality"
    )
    return {
        thing: (stream, value if time and time > now - FRESH and quality < Quality.BAD else None)
        for thing, stream, value, time, quality in rows
    }
