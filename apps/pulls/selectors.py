"""Questions about sources and what they brought."""

from __future__ import annotations

from collections.abc import Collection

from apps.pulls.models import PullRun, Source, TransitTrip


def source_get(source_id: int) -> Source:
    """One source with who made it."""
    return Source.objects.select_related("created_by").get(pk=source_id)


def runs_of(source: Source) -> list[PullRun]:
    """The last attempts, newest first."""
    return list(source.runs.order_by("-id")[:20])


def trip_routes(*, source_id: int, trips: Collection[str]) -> dict[str, str]:
    """Trip code -> route code, by the timetable that the source has fetched."""
    found = TransitTrip.objects.filter(source=source_id, code__in=trips)
    return dict(found.values_list("code", "route__code"))
