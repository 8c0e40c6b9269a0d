"""The newest readings, for maps and panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.domains import all_domains
from apps.sensing.models import Datastream, LatestValue


@dataclass(frozen=True, slots=True)
class LatestReading:
    """One newest reading."""

    time: datetime
    value: float | None
    quality: int

    def as_json(self) -> dict[str, Any]:
        """With the time in unix milliseconds."""
        return {"time": int(self.time.timestamp() * 1000), "value": self.value, "quality": self.quality}


def latest_of_things(*, thing_ids: Sequence[int], kind: str) -> dict[int, LatestReading]:
    """The newest reading of one kind for each thing that has one."""
    rows = LatestValue.objects.filter(datastream__thing_id__in=thing_ids, datastream__kind=kind)
    fields = ("datastream__thing_id", "phenomenon_time", "result", "quality")
    return {row[0]: LatestReading(*row[1:]) for row in rows.values_list(*fields)} if thing_ids else {}


def latest_of_kind(*, domain: str, kind: str) -> dict[int, tuple[int, LatestReading | None]]:
    """Thing id -> (datastream id, newest reading) for every active stream of one kind in a domain."""
    streams = Datastream.objects.filter(thing__domain=domain, kind=kind, active=True)
    fields = ("thing_id", "pk", "latest__phenomenon_time", "latest__result", "latest__quality")
    return {
        thing: (stream, None if time is None else LatestReading(time, value, quality))
        for thing, stream, time, value, quality in streams.values_list(*fields)
    }


def streams_of_thing(*, thing_id: int) -> list[dict[str, Any]]:
    """The active datastreams of a thing with title, unit and newest reading."""
    streams = Datastream.objects.filter(thing_id=thing_id, active=True).select_related("thing", "latest")
    titles = {(domain.slug, kind.key): str(kind.title) for domain in all_domains() for kind in domain.kinds}
    return [
        {
            "id": stream.pk,
            "kind": stream.kind,
            "title": titles.get((stream.thing.domain, stream.kind), stream.kind),
            "unit": stream.unit,
            "max_age": stream.max_age,
            "latest": _latest(stream),
        }
        for stream in streams.order_by("kind")
    ]


def _latest(stream: Datastream) -> dict[str, Any] | None:
    latest = getattr(stream, "latest", None)
    if latest is None:
        return None
    return LatestReading(latest.phenomenon_time, latest.result, latest.quality).as_json()
