"""How fast each road segment is by the hour: forecast, latest reading, usual speed, or empty road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet

from apps.accounts.data import Viewer
from apps.domains.city.models import STREETS, RoadSegment
from apps.privacy.services import visible_rows
from apps.sensing.data import Quality, ReadingsUsed
from apps.sensing.selectors import datastreams_of, usual_values
from apps.training.selectors import forecasts_expected_from

FREE_SHARE = 0.8  # of the speed limit: what an empty street with signals allows
FRESH = timedelta(hours=1)
LASTS = timedelta(hours=1)  # how far ahead the latest reading says more than the usual speed
SLOWEST = 3.0  # km/h: no segment is closed by a standing queue
REMEMBERED = timedelta(weeks=4, days=1)  # what a usual speed is made of
MIDDLE = timedelta(minutes=30)


class SpeedSource(IntEnum):
    """Where a speed comes from; also the planner's choice of the best source to use."""

    FORECAST = 0
    LATEST = 1
    FREE_FLOW = 2
    USUAL = 3


# From the best to the last resort.
ORDER = (SpeedSource.FORECAST, SpeedSource.LATEST, SpeedSource.USUAL, SpeedSource.FREE_FLOW)


@dataclass(frozen=True, slots=True)
class HourOfSpeeds:
    """Where the speeds of one hour come from: how many segments by source."""

    begins: datetime
    counts: Mapping[SpeedSource, int]


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speed of each segment by its id (km/h) over all hours, the sources by hour, the readings used."""

    kmh: Mapping[int, float]
    hours: tuple[HourOfSpeeds, ...]
    used: ReadingsUsed | None

    @property
    def best(self) -> SpeedSource:
        """The best source that any hour has."""
        found = {source for hour in self.hours for source in hour.counts}
        return next(source for source in ORDER if source in found or source == ORDER[-1])


@dataclass(frozen=True, slots=True)
class _Known:
    """What one hour's sources say, by datastream, and the readings behind it."""

    values: Mapping[SpeedSource, Mapping[int, float]]
    used: ReadingsUsed | None


def segments_within(area: Polygon, *, viewer: Viewer) -> QuerySet[RoadSegment]:
    """The streets of the viewer whose box touches ``area``."""
    streets = RoadSegment.objects.filter(geometry__bboverlaps=area, road_class__in=STREETS)
    return visible_rows(viewer, streets)


def segment_speeds(
    segments: QuerySet[RoadSegment], *, best: SpeedSource, hours: Sequence[datetime], now: datetime
) -> Speeds:
    """The best known speed of every one of ``segments`` over the hours that begin at ``hours``.

    Each hour takes the best source that knows it and that is not better than ``best``; a segment's speed is
    the one at which it takes the mean of its times in all hours.
    """
    rows = list(segments.values_list("pk", "thing_id", "speed_limit"))
    latest = _latest([thing for _pk, thing, _limit in rows], now)
    streams = {thing: stream for thing, (stream, _value) in latest.items()}
    seen = {stream: value for stream, value in latest.values() if value is not None}
    slowness = dict.fromkeys((pk for pk, _thing, _limit in rows), 0.0)
    listed: list[HourOfSpeeds] = []
    used: ReadingsUsed | None = None
    for begins in hours:
        known = _known(streams.values(), seen, begins=begins, best=best, now=now)
        counts: Counter[SpeedSource] = Counter()
        for pk, thing, limit in rows:
            source, value = _speed(known, streams.get(thing, 0), limit)
            slowness[pk] += 1 / max(value, SLOWEST)
            counts[source] += 1
        listed.append(HourOfSpeeds(begins, dict(counts)))
        used = known.used.with_others(used) if known.used else used
    kmh = {pk: len(hours) / total for pk, total in slowness.items()}
    return Speeds(kmh, tuple(listed), used)


def _speed(known: _Known, stream: int, limit: float) -> tuple[SpeedSource, float]:
    for source in ORDER:
        value = known.values.get(source, {}).get(stream)
        if value is not None:
            return source, value
    return SpeedSource.FREE_FLOW, FREE_SHARE * limit


def _known(
    streams: Collection[int], seen: Mapping[int, float], *, begins: datetime, best: SpeedSource, now: datetime
) -> _Known:
    """What the sources from ``best`` on say of one hour."""
    allowed = ORDER[ORDER.index(best) :]
    values: dict[SpeedSource, Mapping[int, float]] = {}
    used: ReadingsUsed | None = None
    if SpeedSource.FORECAST in allowed:
        values[SpeedSource.FORECAST], used = forecasts_expected_from(streams, at=begins + MIDDLE)
    if SpeedSource.LATEST in allowed and begins < now + LASTS:
        values[SpeedSource.LATEST] = seen
        if seen:
            used = ReadingsUsed(tuple(seen), now - FRESH, now, now).with_others(used)
    if SpeedSource.USUAL in allowed:
        usual = values[SpeedSource.USUAL] = usual_values([*streams], at=begins + MIDDLE)
        if usual:
            used = ReadingsUsed(tuple(usual), begins - REMEMBERED, now, now).with_others(used)
    return _Known(values, used)


def _latest(things: Collection[int | None], now: datetime) -> dict[int, tuple[int, float | None]]:
    """Speed stream and fresh usable value by thing id."""
    streams = datastreams_of(domain="city", kind="speed").filter(thing__in=things)
    rows = streams.values_list(
        "thing_id", "pk", "latest__result", "latest__phenomenon_time", "latest__quality"
    )
    return {
        thing: (stream, value if time and time > now - FRESH and quality < Quality.BAD else None)
        for thing, stream, value, time, quality in rows
    }
