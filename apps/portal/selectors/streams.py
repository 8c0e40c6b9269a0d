"""Datastreams with their newest value, its age, and the share of usable readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.portal.selectors.rows import visible
from apps.privacy.services import decide
from apps.privacy.services.spoken import kind_title as spoken_kind

DAY = timedelta(days=1)
LIVE, STALE, EMPTY, PAUSED, PAST = "live", "stale", "empty", "paused", "past"


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
    return (
        streams_visible(viewer)
        .filter(late, active=True, historical=False)
        .order_by("latest__phenomenon_time", "key")
    )


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
    """``live``, ``stale``, ``empty`` (never a value), ``paused``, or ``past`` where no device feeds it."""
    if stream.historical:
        return PAST
    if not stream.active:
        return PAUSED
    latest = getattr(stream, "latest", None)
    if latest is None:
        return EMPTY
    return STALE if now - latest.phenomenon_time > timedelta(seconds=stream.max_age) else LIVE


def quality_shares(viewer: Viewer, streams: Iterable[Any]) -> dict[int, float]:
    """Datastream id -> usable readings of the last day as a part of those that were due, where some came.

    Due is one each interval since the thing was registered, but no more an hour than in the best hour: some
    streams come more slowly than they say.
    """
    by_id, now = {stream.pk: stream for stream in streams}, timezone.now()
    whole_hour = (now - DAY).replace(minute=0, second=0, microsecond=0)
    start = whole_hour + timedelta(hours=1)
    rollups = visible(viewer, "sensing.RollupHour").filter(datastream__in=by_id, bucket__gte=start)
    came = F("count") + F("unusable")
    sums = rollups.values("datastream_id").annotate(good=Sum("count"), came=Sum(came), best=Max(came))
    shares = {}
    for row in sums:
        stream = by_id[row["datastream_id"]]
        hours = (now - max(start, stream.thing.created_at)).total_seconds() / 3600
        due = hours * min(3600 / max(stream.interval, 1), row["best"]) - 1  # the newest may be on its way
        if row["came"]:
            shares[stream.pk] = row["good"] / max(row["came"], due)
    return shares


def kind_title(stream: Any) -> str:
    """The title that the domain gave to the kind of reading, or the kind itself."""
    return spoken_kind(stream.thing.domain, stream.kind)


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
