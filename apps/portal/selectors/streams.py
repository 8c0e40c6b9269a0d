"""Datastreams with their newest value, its age, and the share of usable readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.core.domains import domain_get
from apps.portal.selectors.rows import visible
from apps.privacy.services import decide

DAY = timedelta(days=1)
LIVE, STALE, EMPTY, PAUSED = "live", "stale", "empty", "paused"


# What every page about datastreams shows: for somebody who does not see all of it clear there are none.
SHOWN = (("sensing.Thing", "name"), ("sensing.Datastream", "key"), ("sensing.LatestValue", "result"))


def streams_visible(viewer: Viewer) -> QuerySet[Any]:
    """The datastreams that the viewer may know of, with thing and newest value."""
    domain = next(iter(sorted(viewer.domains)), "")
    if not all(decide(viewer, label, field, domain=domain).is_clear for label, field in SHOWN):
        return visible(viewer, "sensing.Datastream").none()
    return visible(viewer, "sensing.Datastream").select_related("thing", "latest").order_by("key")


def _due() -> Combinable:
    return ExpressionWrapper(F("max_age") * timedelta(seconds=1), output_field=DurationField())


def streams_broken(viewer: Viewer) -> QuerySet[Any]:
    """Active datastreams whose newest value is older than they promise; longest silent first."""
    late = Q(latest__phenomenon_time__lt=timezone.now() - _due()) | Q(latest=None)
    return streams_visible(viewer).filter(late, active=True).order_by("latest__phenomenon_time", "key")


def streams_filtered(viewer: Viewer, wanted: Mapping[str, str]) -> QuerySet[Any]:
    """``streams_visible`` narrowed by the words of the address: domain, kind, state, q."""
    rows = streams_broken(viewer) if wanted.get("state") == STALE else streams_visible(viewer)
    if wanted.get("domain"):
        rows = rows.filter(thing__domain=wanted["domain"])
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("q"):
        rows = rows.filter(Q(key__icontains=wanted["q"]) | Q(thing__name__icontains=wanted["q"]))
    return rows


def age_state(stream: Any, *, now: datetime) -> str:
    """``live``, ``stale``, ``empty`` (never a value) or ``paused``."""
    if not stream.active:
        return PAUSED
    latest = getattr(stream, "latest", None)
    if latest is None:
        return EMPTY
    return STALE if now - latest.phenomenon_time > timedelta(seconds=stream.max_age) else LIVE


def quality_shares(viewer: Viewer, streams: Iterable[Any]) -> dict[int, float]:
    """Datastream id -> usable part of the readings of the last day, where there were any."""
    rollups = visible(viewer, "sensing.RollupHour").filter(
        datastream__in=[stream.pk for stream in streams], bucket__gte=timezone.now() - DAY
    )
    sums = rollups.values("datastream_id").annotate(good=Sum("count"), bad=Sum("unusable"))
    return {
        row["datastream_id"]: row["good"] / (row["good"] + row["bad"])
        for row in sums
        if row["good"] + row["bad"]
    }


def kind_title(stream: Any) -> str:
    """The title that the domain gave to the kind of reading, or the kind itself."""
    return kind_named(stream.thing.domain, stream.kind)


def kind_named(domain: str, kind: str) -> str:
    """The same by the domain's slug and the key of the kind."""
    try:
        return str(domain_get(domain).kind(kind).title)
    except KeyError:
        return kind


def stream_lines(viewer: Viewer, streams: Iterable[Any]) -> list[dict[str, Any]]:
    """What the list shows of each datastream."""
    streams, now = list(streams), timezone.now()
    shares = quality_shares(viewer, streams)
    return [
        {
            "stream": stream,
            "latest": getattr(stream, "latest", None),
            "kind": kind_title(stream),
            "state": age_state(stream, now=now),
            "share": shares.get(stream.pk),
        }
        for stream in streams
    ]
