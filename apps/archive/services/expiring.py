"""Readings leave the table, years later the lake: by a rule only, never under a hold, never unverified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import structlog
from django.db import OperationalError
from django.utils import timezone

from apps.archive.lake.files import tables_read, tables_write
from apps.archive.lake.places import Lake
from apps.archive.models import DueDay, LakeFile, LakeKind
from apps.archive.selectors.lake import day_counts, lake_here
from apps.archive.selectors.retention import (
    MONTHS_A_YEAR,
    StreamKeep,
    default_keep,
    holds_between,
    months_before,
    streams_keep,
)
from apps.archive.services.exporting import file_keep
from apps.archive.services.transactions import unhurried
from apps.archive.services.verifying import file_verify, streams_of
from apps.audit.services import Act, access_record
from apps.core.locks import Lock, locked
from apps.sensing.selectors import partitions_list
from apps.sensing.services.partitions import (
    PartitionError,
    partition_attach,
    partition_detach,
    partition_drop,
    readings_forget,
)

log = structlog.get_logger("archive")
COUNT = "SELECT count(*) FROM {table}"


def table_expire(*, today: date | None = None) -> int:
    """Drop the months that every rule lets go and that lie verified in the lake; returns how many.

    A month that cannot go now is logged with the reason and tried again the next night.
    """
    today = today or timezone.now().date()
    with locked(Lock.LAKE) as mine:
        if not mine:
            return 0
        kept = streams_keep()
        longest = max([item.keep.months for item in kept], default=default_keep().months)
        before = months_before(today, longest)
        months = [part.first for part in partitions_list() if part.last < before]
        dropped = sum(month_drop(month) for month in months)
        streams_expire(kept, longest=longest, today=today)
    return dropped


def month_drop(month: date) -> bool:
    """Take one month out of the table, compare it with the lake to the bit, and only then drop it.

    The comparison is with the month as it was taken out: nobody can write to it any more. Where it differs
    the month goes back, with whatever has come meanwhile.
    """
    start, end = _moments(month)
    if obstacle := _obstacle(start, end):
        log.info("month_kept", month=f"{month:%Y-%m}", reason=obstacle)
        return False
    try:
        table = partition_detach(month)
    except (PartitionError, OperationalError) as error:
        log.warning("month_kept", month=f"{month:%Y-%m}", reason=f"{error}")
        return False
    if fault := _difference(start, end, table):
        partition_attach(month)
        log.error("month_kept", month=f"{month:%Y-%m}", reason=fault)
        return False
    partition_drop(month)
    access_record(Act("partition_drop", object_type="sensing.Observation", object_id=f"{month:%Y-%m}"))
    return True


def _moments(month: date) -> tuple[datetime, datetime]:
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)


def _obstacle(start: datetime, end: datetime) -> str:
    """Why the month may not go: a hold, days to export, days that are not verified; "" when it may."""
    first, last = start.date(), end.date() - timedelta(days=1)
    if holds_between(first, last):
        return "hold"
    if DueDay.objects.filter(day__gte=first, day__lte=last).exists():
        return "due"
    with unhurried():
        counts = day_counts(start, end)
    files = {
        (file.domain, file.day)
        for file in LakeFile.objects.filter(
            kind=LakeKind.OBSERVATIONS, day__gte=first, day__lte=last, verified_at__isnull=False
        )
    }
    return "" if set(counts) <= files else "unverified"


def _difference(start: datetime, end: datetime, table: str) -> str:
    """What of a month that was taken out is not in the lake as it is; "" when nothing."""
    with unhurried() as cursor:
        counts = day_counts(start, end, table=table)
        cursor.execute(COUNT.format(table=table))
        if cursor.fetchone()[0] != sum(rows for rows, _newest in counts.values()):
            return "readings of no datastream"
    lake = lake_here()
    for domain, day in sorted(counts):
        file = LakeFile.objects.get(kind=LakeKind.OBSERVATIONS, domain=domain, day=day)
        if fault := file_verify(file, lake=lake, table=table):
            return f"{file.path}: {fault}"
    return ""


def streams_expire(kept: list[StreamKeep], *, longest: int, today: date) -> int:
    """Delete readings of streams whose rule is shorter than the longest; returns how many.

    Only on days that lie verified in the lake, and on no day that is held.
    """
    gone = 0
    for months in sorted({item.keep.months for item in kept if item.keep.months < longest}):
        before = months_before(today, months)
        ids = [item.datastream_id for item in kept if item.keep.months == months]
        for part in partitions_list():
            if part.last < before and not _obstacle(*_moments(part.first)):
                gone += _delete(ids, *_moments(part.first))
    return gone


def _delete(ids: list[int], start: datetime, end: datetime) -> int:
    try:
        with unhurried():
            return readings_forget(ids, start=start, end=end)
    except (PartitionError, OperationalError) as error:
        log.warning("readings_kept", month=f"{start:%Y-%m}", reason=f"{error}")
        return 0


def lake_expire(*, today: date | None = None) -> int:
    """Take readings out of the lake that are older than their rule; returns how many files changed."""
    today, lake, changed = today or timezone.now().date(), lake_here(), 0
    kept: dict[str, list[StreamKeep]] = {}
    for item in streams_keep():
        kept.setdefault(item.domain, []).append(item)
    for domain, items in kept.items():
        shortest = min(item.keep.years for item in items)
        before = months_before(today, shortest * MONTHS_A_YEAR)
        files = LakeFile.objects.filter(kind=LakeKind.OBSERVATIONS, domain=domain, day__lt=before)
        changed += sum(_file_expire(file, items, lake=lake, today=today) for file in files)
    return changed


def _file_expire(file: LakeFile, items: list[StreamKeep], *, lake: Lake, today: date) -> bool:
    day = file.day or today
    if holds_between(day, day, domain=file.domain) or _in_table(file.domain, day):
        return False
    expired = [
        item.datastream_id for item in items if day < months_before(today, item.keep.years * MONTHS_A_YEAR)
    ]
    if len(expired) == len(items):
        lake.remove(file.path)
        file.delete()
        log.info("lake_day_deleted", path=file.path)
        return True
    there = {stream for table in tables_read(lake, file.path) for stream in streams_of(table)}
    if there.isdisjoint(expired):
        return False
    written = tables_write(lake, file.path, _without(expired, tables_read(lake, file.path)))
    file_keep(file.domain, day, file.path, written)
    return True


def _without(streams: list[int], tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    unwanted = pa.array(streams, pa.int64())
    for table in tables:
        yield table.filter(pc.invert(pc.is_in(table["datastream_id"], unwanted)))


def _in_table(domain: str, day: date) -> bool:
    start, end = _moments(day.replace(day=1))
    return (domain, day) in day_counts(start, end)
