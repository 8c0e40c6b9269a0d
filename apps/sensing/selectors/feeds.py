"""How fresh and how good the feeds are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.privacy.services import visible_rows
from apps.sensing.models import Datastream, Observation


@dataclass(frozen=True, slots=True)
class FeedAge:
    """A datastream and when it was last heard; None when never."""

    datastream: Datastream
    last: datetime | None

    @property
    def seconds(self) -> float | None:
        """Seconds since the newest reading."""
        return None if self.last is None else (timezone.now() - self.last).total_seconds()


def datastreams_of(*, domain: str, kind: str) -> QuerySet[Datastream]:
    """The active datastreams of one kind, in the order of their keys."""
    return Datastream.objects.filter(thing__domain=domain, kind=kind, active=True).order_by("key")


def datastreams_live(*, domain: str, kind: str) -> QuerySet[Datastream]:
    """Those of ``datastreams_of`` that devices feed: none of the past."""
    return datastreams_of(domain=domain, kind=kind).filter(historical=False)


def feeds_broken(*, viewer: Viewer, limit: int = 100) -> list[FeedAge]:
    """Active feeds that the viewer may see and that are older than their own limit, oldest first."""
    fed = Datastream.objects.filter(active=True, historical=False)
    streams = visible_rows(viewer, fed).select_related("latest", "thing")
    ages = [
        FeedAge(stream, getattr(getattr(stream, "latest", None), "phenomenon_time", None))
        for stream in streams
    ]
    broken = [age for age in ages if age.seconds is None or age.seconds > age.datastream.max_age]
    by_age = {id(age): float("inf") if age.seconds is None else age.seconds for age in broken}
    return sorted(broken, key=lambda age: -by_age[id(age)])[:limit]


def quality_shares(*, datastream_ids: Sequence[int], hours: int = 24) -> dict[int, float]:
    """The share of good readings of each datastream over the last hours; silent streams are absent."""
    since = timezone.now() - timedelta(hours=hours)
    rows = Observation.objects.filter(datastream_id__in=datastream_ids, phenomenon_time__gte=since)
    counted = rows.values("datastream_id").annotate(every=Count("*"), good=Count("*", filter=Q(quality=0)))
    return {row["datastream_id"]: row["good"] / row["every"] for row in counted}


def datastreams_visible(*, viewer: Viewer, domain: str) -> QuerySet[Datastream]:
    """The datastreams of a domain that the viewer may see."""
    return visible_rows(viewer, Datastream.objects.filter(thing__domain=domain))


def streams_by_thing(datastream_ids: Sequence[int]) -> dict[int, list[int]]:
    """Thing id -> the given datastreams that it carries."""
    found: dict[int, list[int]] = {}
    rows = Datastream.objects.filter(pk__in=datastream_ids).values_list("thing_id", "pk")
    for thing, stream in rows:
        found.setdefault(thing, []).append(stream)
    return found
