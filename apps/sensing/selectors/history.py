"""What was known when: readings as of a moment, and corrections replayed from the first values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.sensing.cleaning.edits import Operation, Versions, edited
from apps.sensing.data import Flag
from apps.sensing.ingest.partitions import micros
from apps.sensing.ingest.versions import versions_of
from apps.sensing.models import Edit, Revision

EVERY = 10_000_000
KNOWN = """
    SELECT datastream_id, phenomenon_time, result, quality, flags FROM sensing_observation
     WHERE datastream_id = ANY(%(streams)s) AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
       AND recorded_at <= %(known_at)s
    UNION ALL
    SELECT datastream_id, phenomenon_time, result, quality, flags FROM sensing_revision
     WHERE datastream_id = ANY(%(streams)s) AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
       AND known_from <= %(known_at)s AND known_until > %(known_at)s
"""


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A reading as it was known at some moment."""

    datastream_id: int
    phenomenon_time: datetime
    result: float | None
    quality: int
    flags: int


def observations_known(
    *, datastream_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> list[KnownReading]:
    """The readings between ``start`` and ``end`` (excluded) as they were known at ``known_at``, in order."""
    values: dict[str, Any] = {
        "streams": list(datastream_ids),
        "start": start,
        "end": end,
        "known_at": known_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{KNOWN} ORDER BY 1, 2", values)
        return [KnownReading(*row) for row in cursor.fetchall()]


def edits_replayed(datastream_id: int, *, start: datetime, end: datetime) -> Versions:
    """The readings as every correction in force makes them, from the values and marks as they first came."""
    with connection.cursor() as cursor:
        stored = versions_of(cursor, datastream_id, start, end, limit=EVERY)
    versions = _first(stored, datastream_id, start, end)
    edits = Edit.objects.filter(undone_at=None, datastream_id=datastream_id, start__lte=end, end__gte=start)
    for edit in edits.order_by("pk"):
        lies = (versions.times >= micros(edit.start)) & (versions.times <= micros(edit.end))
        versions = _merged(versions, edited(versions.take(lies), edit_operation(edit)), lies)
    return versions


def edit_operation(edit: Edit) -> Operation:
    """The operation of an edit as a pure value."""
    anchors = None
    if edit.anchors:
        (start, first), (end, last) = edit.anchors
        anchors = ((start, first), (end, last))
    return Operation(edit.operation, edit.value or 0.0, edit.quality, anchors)


def _first(stored: Versions, datastream_id: int, start: datetime, end: datetime) -> Versions:
    """The versions before any correction: the oldest revision of each reading, or the reading itself."""
    rows = Revision.objects.filter(
        datastream_id=datastream_id, phenomenon_time__gte=start, phenomenon_time__lte=end
    )
    results, quality, flags = stored.original, stored.quality.copy(), stored.flags & ~np.int16(Flag.CORRECTED)
    fields = ("phenomenon_time", "result", "quality", "flags")
    oldest = rows.order_by("phenomenon_time", "pk").distinct("phenomenon_time").values_list(*fields)
    for at, result, was, marks in oldest:
        row = int(np.searchsorted(stored.times, micros(at)))
        results[row], quality[row], flags[row] = np.nan if result is None else result, was, marks
    return Versions(stored.times, results, np.full_like(results, np.nan), quality, flags.astype(np.int16))


def _merged(versions: Versions, part: Versions, lies: NDArray[np.bool_]) -> Versions:
    merged = replace(
        versions,
        results=versions.results.copy(),
        raw=versions.raw.copy(),
        quality=versions.quality.copy(),
        flags=versions.flags.copy(),
    )
    for name in ("results", "raw", "quality", "flags"):
        getattr(merged, name)[lies] = getattr(part, name)
    return merged
