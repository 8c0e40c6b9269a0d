"""What was known when: readings as of a moment, and corrections replayed from the first values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.sensing.cleaning.edits import Operation, Versions, edited
from apps.sensing.ingest.partitions import micros
from apps.sensing.ingest.versions import versions_of
from apps.sensing.models import Edit, Observation, Revision

EVERY = 10_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = ("datastream_id", "phenomenon_time", "result", "quality", "flags")
NAMES = ("results", "raw", "quality", "flags")  # of Versions
PARTS = ("result", "raw", "quality", "flags")  # of Revision
KNOWN = """
    SELECT datastream_id, phenomenon_time, result, quality, flags FROM sensing_observation
     WHERE datastream_id = ANY(%(streams)s) AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
       AND recorded_at <= %(known_at)s
    UNION ALL
    SELECT datastream_id, phenomenon_time, result, quality, flags FROM sensing_revision
     WHERE datastream_id = ANY(%(streams)s) AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s
       AND known_from <= %(known_at)s AND known_until > %(known_at)s
"""


def observations_known(
    *, datastream_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> list[Observation]:
    """The readings between ``start`` and ``end`` (excluded) as they were known at ``known_at``, in order.

    They are versions, not rows to be saved.
    """
    values: dict[str, Any] = {
        "streams": list(datastream_ids),
        "start": start,
        "end": end,
        "known_at": known_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{KNOWN} ORDER BY 1, 2", values)
        return [Observation(**dict(zip(FIELDS, row, strict=True))) for row in cursor.fetchall()]


def edits_replayed(datastream_id: int, *, start: datetime, end: datetime) -> Versions:
    """The readings as every correction in force makes them, from the values and marks as they first came.

    A correction changed what was there when it was made; a reading that came later it leaves alone.
    """
    with connection.cursor() as cursor:
        stored = versions_of(cursor, datastream_id, start, end, limit=EVERY)
    versions = first = versions_first(stored, datastream_id)
    edits = Edit.objects.filter(undone_at=None, datastream_id=datastream_id, start__lte=end, end__gte=start)
    for edit in edits.order_by("pk"):
        rows = np.isin(versions.times, _changed_by(edit))
        part = edited(versions.take(rows), edit_operation(edit), first=first.take(rows))
        versions = _merged(versions, part, rows)
    return versions


def _changed_by(edit: Edit) -> list[int]:
    changed = Revision.objects.filter(edit=edit, known_until=edit.made_at)
    return [micros(moment) for moment in changed.values_list("phenomenon_time", flat=True)]


def edit_operation(edit: Edit) -> Operation:
    """The operation of an edit as a pure value."""
    anchors = None
    if edit.anchors:
        (start, first), (end, last) = edit.anchors
        anchors = ((start, first), (end, last))
    return Operation(edit.operation, edit.value or 0.0, edit.quality, anchors)


def versions_first(versions: Versions, datastream_id: int) -> Versions:
    """The same readings before any correction: the oldest version of each."""
    if not len(versions.times):
        return versions
    first = _copied(versions)
    ends = [EPOCH + timedelta(microseconds=int(versions.times[row])) for row in (0, -1)]
    rows = Revision.objects.filter(datastream_id=datastream_id, phenomenon_time__range=ends)
    oldest = rows.order_by("phenomenon_time", "pk").distinct("phenomenon_time")
    for at, *version in oldest.values_list("phenomenon_time", *PARTS):
        row = int(np.searchsorted(first.times, micros(at)))
        for name, value in zip(NAMES, version, strict=True):
            getattr(first, name)[row] = np.nan if value is None else value
    return first


def _copied(versions: Versions) -> Versions:
    return replace(versions, **{name: getattr(versions, name).copy() for name in NAMES})


def _merged(versions: Versions, part: Versions, rows: NDArray[np.bool_]) -> Versions:
    merged = _copied(versions)
    for name in NAMES:
        getattr(merged, name)[rows] = getattr(part, name)
    return merged
