"""Where readings are fetched, what each attempt brought, and the timetables that were fetched."""

from __future__ import annotations

from apps.pulls.models.sources import PullRun, PullState, Source, SourceKind
from apps.pulls.models.transit import TransitRoute, TransitService, TransitStop, TransitTrip

__all__ = [
    "PullRun",
    "PullState",
    "Source",
    "SourceKind",
    "TransitRoute",
    "TransitService",
    "TransitStop",
    "TransitTrip",
]
