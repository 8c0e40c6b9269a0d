"""Partitions made ahead of time, so that no reading waits for one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.sensing.ingest.partitions import months_between, partitions_make

AHEAD = timedelta(days=62)


@transaction.atomic
def partitions_ensure(*, start: datetime, end: datetime) -> None:
    """Make the monthly partitions from ``start`` to ``end``."""
    with connection.cursor() as cursor:
        partitions_make(cursor.cursor, months_between(start, end))


def partitions_ahead() -> None:
    """Make this month's partition and the next two."""
    now = timezone.now()
    partitions_ensure(start=now, end=now + AHEAD)
