"""The newest observations of all datastreams: no index holds time alone, so the last minute comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from apps.sensing.models import LatestValue, Observation
from apps.sensing.sensorthings.compiler import Key
from apps.sensing.sensorthings.rewriting import field_of

WIDTHS = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=31))
FIRST_YEAR = 1971


def windows(rows: QuerySet[Any], keys: Sequence[Key], values: Sequence[Any]) -> Iterator[QuerySet[Any]]:
    """Ever more of the rows, all of them last; whichever fills a page gives the same page.

    ``values`` are those of the row that the page follows; none for the first page.
    """
    is_newest_first = keys[0].descending and field_of(keys[0].expression) == "phenomenon_time"
    if rows.model is Observation and is_newest_first and len(keys) > 1:
        newest = values[0] if values else _newest()
        if newest is not None and newest.year >= FIRST_YEAR:
            for width in WIDTHS:
                yield rows.filter(phenomenon_time__gt=newest - width)
    yield rows


def _newest() -> datetime | None:
    """When anything was last heard; where the search begins, shown to nobody."""
    found: datetime | None = LatestValue.objects.aggregate(newest=Max("phenomenon_time"))["newest"]
    return found
