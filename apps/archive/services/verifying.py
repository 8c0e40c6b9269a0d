"""Files of the lake read back and compared: bytes with their checksum, rows with the table's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import structlog
from django.utils import timezone

from apps.archive.data import Contents
from apps.archive.lake.digests import Tally, contents_of
from apps.archive.lake.files import file_checksum, tables_read
from apps.archive.lake.places import Lake
from apps.archive.lake.rows import day_tables
from apps.archive.models import DueDay, LakeFile
from apps.archive.selectors.lake import lake_here
from apps.archive.services.transactions import unhurried

log = structlog.get_logger("archive")


def file_verify(file: LakeFile, *, lake: Lake | None = None, table: str = "sensing_observation") -> str:
    """Read a file of observations back; returns "" when all is well, or what is wrong in one word.

    ``bytes``: the file is not the one that was written; ``contents``: its rows are not those that were
    written; ``table``: the table has other rows. A file that fails is due again while the table has the day.
    """
    lake = lake or lake_here()
    fault = _fault(file, lake, table)
    if fault:
        log.error("lake_file_wrong", path=file.path, fault=fault)
        if file.day is not None and table == "sensing_observation":
            _mark(file.domain, file.day, file.rows)
    file.verified_at = None if fault else timezone.now()
    file.save(update_fields=["verified_at"])
    return fault


def _fault(file: LakeFile, lake: Lake, table: str) -> str:
    if not lake.size(file.path) or file_checksum(lake, file.path) != file.checksum:
        return "bytes"
    streams, there = _table_contents(file, table)
    written = Tally()
    part = contents_of(_only(streams, written.through(tables_read(lake, file.path))))
    if (written.contents.rows, written.contents.digest) != (file.rows, file.digest):
        return "contents"
    return "table" if part != there else ""


def _table_contents(file: LakeFile, table: str) -> tuple[set[int], Contents]:
    """The streams that have rows in the table on the file's day, and what their rows amount to."""
    day = file.day or timezone.now().date()  # a file of observations has a day
    streams, tally = set[int](), Tally()
    with unhurried() as cursor:
        for rows in day_tables(cursor.cursor, file.domain, day, table=table):
            tally.add(rows)
            streams.update(streams_of(rows))
    return streams, tally.contents


def streams_of(table: pa.Table) -> list[int]:
    """The datastream ids that occur."""
    found: list[int] = pc.unique(table["datastream_id"]).to_pylist()
    return found


def _only(streams: set[int], tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The rows of these streams: the readings of others may have left the table by their own rule."""
    wanted = pa.array(sorted(streams), pa.int64())
    for table in tables:
        yield table.filter(pc.is_in(table["datastream_id"], wanted))


def _mark(domain: str, day: date, rows: int) -> None:
    marks = {"rows": rows, "marked_at": timezone.now()}
    DueDay.objects.update_or_create(domain=domain, day=day, defaults=marks)
