"""The newest readings, for maps and panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.declarations import StreamKind
from apps.core.domains import all_domains
from apps.sensing.models import Datastream, LatestValue
from apps.sensing.selectors.feeds import datastreams_live


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
    """The newest reading of one kind for each thing that has one and that devices feed."""
    rows = LatestValue.objects.filter(
        datastream__thing_id__in=thing_ids, datastream__kind=kind, datastream__historical=False
    )
    fields = ("datastream__thing_id", "phenomenon_time", "result", "quality")
    return {row[0]: LatestReading(*row[1:]) for row in rows.values_list(*fields)} if thing_ids else {}


def latest_of_kind(*, domain: str, kind: str) -> dict[int, tuple[int, LatestReading | None]]:
    """Thing id -> (datastream id, newest reading) for every stream of one kind in a domain that is fed."""
    streams = datastreams_live(domain=domain, kind=kind).order_by()
    fields = ("thing_id", "pk", "latest__phenomenon_time", "latest__result", "latest__quality")
    return {
        thing: (stream, None if time is None else LatestReading(time, value, quality))
        for thing, stream, time, value, quality in streams.values_list(*fields)
    }


def streams_of_thing(*, thing_id: int) -> list[dict[str, Any]]:
    """The active datastreams of a thing with title, unit and newest reading."""
    streams = Datastream.objects.filter(thing_id=thing_id, active=True).select_related("thing", "latest")
    kinds = {(domain.slug, kind.key): kind for domain in all_domains() for kind in domain.kinds}
    return [
        _described(stream, kinds.get((stream.thing.domain, stream.kind)))
        for stream in streams.order_by("kind")
    ]


def _described(stream: Datastream, kind: StreamKind | None) -> dict[str, Any]:
    return {
        "id": stream.pk,
        "kind": stream.kind,
        "title": str(kind.title) if kind else stream.kind,
        "unit": stream.unit,
        "decimals": kind.decimals if kind else None,
        "max_age": stream.max_age,
        "historical": stream.historical,
        "latest": _latest(stream),
    }


def _latest(stream: Datastream) -> dict[str, Any] | None:
    latest = getattr(stream, "latest", None)
    if latest is None:
        return None
    return LatestReading(latest.phenomenon_time, latest.result, latest.quality).as_json()
