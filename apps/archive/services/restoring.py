"""Days of the lake back into the table, exact: quality, flags, raw values and since when they are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import structlog

from apps.archive.lake.files import file_checksum, tables_read
from apps.archive.lake.places import Lake
from apps.archive.lake.rows import day_bounds
from apps.archive.models import LakeFile
from apps.archive.selectors.lake import day_counts, files_of, lake_here
from apps.archive.services.transactions import unhurried
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.sensing.selectors import days_archived
from apps.sensing.services.restoring import day_restore

Key = tuple[int, datetime]
log = structlog.get_logger("archive")
NEWER = """
    SELECT datastream_id, phenomenon_time FROM sensing_observation
     WHERE phenomenon_time >= %s AND phenomenon_time < %s AND recorded_at > %s
"""
DIRTY = """
    INSERT INTO sensing_rollupdirty (hour, datastreams)
    SELECT date_bin('1 hour', phenomenon_time, 'epoch'), array_agg(DISTINCT datastream_id)
      FROM sensing_observation WHERE phenomenon_time >= %s AND phenomenon_time < %s GROUP BY 1
"""


def day_is_partial(domain: str, day: date) -> bool:
    """Whether the lake has more readings of the day than the table."""
    known = sum(file.rows for file in files_of(day, domain=domain))
    return known > day_counts(*day_bounds(day)).get((domain, day), (0, None))[0]


def day_put_back(day: date, *, lake: Lake | None = None) -> int:
    """Put every reading that the lake has of a day into the table; returns how many, 0 when all are there.

    Doing it again changes nothing. What the table knows better, a correction made since the export, stays.
    ProblemError when there is no file, or when one is damaged: then nothing is changed.
    """
    lake, files = lake or lake_here(), files_of(day)
    if not files:
        raise ProblemError(_("The lake holds nothing of this day."), "day", 404, "missing")
    for file in files:
        if file_checksum(lake, file.path) != file.checksum:
            detail = _("The file %(path)s is damaged: its checksum is not the one that was kept.")
            raise ProblemError(detail % {"path": file.path}, "day", 409, "damaged")
    archived = bool(days_archived(first=day, last=day))
    if not archived and not any(day_is_partial(file.domain, day) for file in files):
        return 0
    with unhurried() as cursor:
        newer = set[Key]() if archived else _newer(cursor, day, files)
        count = day_restore(day, rows=_rows(lake, files, newer))
        if not archived:  # roll-ups of an archived day stand; those of a lost one do not
            cursor.execute(DIRTY, day_bounds(day))
    log.info("lake_day_restored", day=f"{day}", rows=count)
    return count


def _rows(lake: Lake, files: list[LakeFile], newer: set[Key]) -> Iterator[Any]:
    for file in files:
        for table in tables_read(lake, file.path):
            for part in table.to_batches(max_chunksize=10_000):
                rows = zip(*(column.to_pylist() for column in part.columns), strict=True)
                yield from (row for row in rows if row[:2] not in newer)


def _newer(cursor: Any, day: date, files: list[LakeFile]) -> set[Key]:
    """Keys of readings that were recorded after every one in the files."""
    newest = [file.newest for file in files if file.newest is not None]
    cursor.execute(NEWER, [*day_bounds(day), max(newest)])
    return set(cursor.fetchall())
