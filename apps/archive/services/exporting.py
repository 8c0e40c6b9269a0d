"""Finished days of observations into the lake: marked, written, read back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from apps.archive.data import WrittenFile
from apps.archive.lake.files import tables_write
from apps.archive.lake.places import Lake, day_path
from apps.archive.lake.rows import day_bounds, day_tables
from apps.archive.models import DueDay, LakeFile
from apps.archive.selectors.lake import days_due, lake_here, table_months
from apps.archive.services.restoring import day_is_partial, day_put_back
from apps.archive.services.streams import streams_export
from apps.archive.services.transactions import unhurried
from apps.archive.services.verifying import file_verify
from apps.core.jobs import job_create, job_progress, job_running
from apps.core.locks import Lock, locked
from apps.core.models import JobKind
from apps.core.sentences import sentence as _

log = structlog.get_logger("archive")


def days_mark(*, before: date | None = None) -> int:
    """Mark the finished days whose readings are not all in the lake; returns how many are due.

    Month by month, so that no question runs long; ``before`` is today (UTC) when it is not given.
    """
    end = day_bounds(before or timezone.now().date())[0]
    months = table_months(end)
    if months is None:
        return 0
    start, last = months
    while start <= last:
        after = (start + timedelta(days=32)).replace(day=1)
        _month_mark(start, min(after, end))
        start = after
    return DueDay.objects.count()


def _month_mark(start: datetime, end: datetime) -> None:
    with unhurried():
        now, due = timezone.now(), days_due(start, end)
        DueDay.objects.bulk_create(
            (DueDay(domain=domain, day=day, rows=rows, marked_at=now) for (domain, day), rows in due.items()),
            update_conflicts=True,
            unique_fields=["domain", "day"],
            update_fields=["rows", "marked_at"],
        )


def lake_export(*, domain: str = "", before: date | None = None) -> int:
    """Mark, then export what is due, the datastreams too; returns the number of days.

    Nothing happens while another process exports. Each domain has a job that people can watch.
    """
    with locked(Lock.LAKE) as mine:
        if not mine:
            return 0
        days_mark(before=before)
        due = DueDay.objects.filter(domain=domain) if domain else DueDay.objects.all()
        slugs = sorted(set(due.values_list("domain", flat=True)))
        return sum(_domain_export(slug) for slug in slugs)


def _domain_export(domain: str) -> int:
    days = list(DueDay.objects.filter(domain=domain).order_by("day").values_list("day", flat=True))
    title = _("Export to the lake")
    queued = job_create(JobKind.LAKE_EXPORT, title=title, domain=domain, owner=None, total=len(days))
    lake, done = lake_here(), 0
    with job_running(queued.pk, stage="export", total=len(days)):
        for day in days:
            file = day_export(domain, day, lake=lake)
            done += 1
            job_progress(queued.pk, done=done, figures={"day": f"{day}", "rows": file.rows})
        streams_export(domain, lake=lake)
    return done


def day_export(domain: str, day: date, *, lake: Lake | None = None) -> LakeFile:
    """Write one day of a domain as it is now; an earlier file is replaced when the new one is whole.

    Where the file has more than the table, the day is put back first: late readings join it.
    """
    lake, path = lake or lake_here(), day_path(domain, day)
    if day_is_partial(domain, day):
        day_put_back(day, lake=lake)
    with unhurried() as cursor:
        written = tables_write(lake, path, day_tables(cursor.cursor, domain, day))
    file = file_keep(domain, day, path, written)
    log.info("lake_day_exported", domain=domain, day=f"{day}", rows=file.rows, bytes=file.size)
    file_verify(file, lake=lake)
    return file


@transaction.atomic
def file_keep(domain: str, day: date, path: str, written: WrittenFile) -> LakeFile:
    """Remember what was written; the day is no longer due."""
    file, _made = LakeFile.objects.update_or_create(
        path=path,
        defaults={
            "domain": domain,
            "day": day,
            "rows": written.contents.rows,
            "size": written.size,
            "digest": written.contents.digest,
            "checksum": written.checksum,
            "newest": written.contents.newest,
            "exported_at": timezone.now(),
            "verified_at": None,
        },
    )
    DueDay.objects.filter(domain=domain, day=day).delete()
    return file
