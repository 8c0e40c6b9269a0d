"""Sealing: entries that have been committed are chained by SM3, one holder at a time, every few seconds.

Entries are written without any order between them, so nobody waits for anybody; their order in the chain is
the order in which they were sealed. What is sealed can be neither changed, removed nor added unnoticed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.audit.data import sm3_bytes
from apps.audit.models import AccessLink
from apps.audit.selectors.chain import GENESIS, link_digest
from apps.core.locks import Lock, lock_try

BATCH = 5000
BACK = timedelta(minutes=5)  # entries of transactions that were open at the last pass
BACK_FAR = timedelta(hours=24)  # ... and of very long ones: looked for once an hour
WAITING = """
    SELECT e.id, e.lasting, e.at, jsonb_strip_nulls(to_jsonb(e))::text
      FROM audit_accessentry e
     WHERE (%(since)s::timestamptz IS NULL OR e.at >= %(since)s::timestamptz)
       AND NOT EXISTS (SELECT FROM audit_accesslink l WHERE l.entry_id = e.id)
     ORDER BY e.id LIMIT %(most)s
"""
LINK = """
    INSERT INTO audit_accesslink (position, entry_id, lasting, row_digest, digest, sealed_at)
    SELECT u.*, %s::timestamptz
      FROM unnest(%s::bigint[], %s::bigint[], %s::bool[], %s::bytea[], %s::bytea[]) u
"""


def sm3(text: str) -> str:
    """SM3 (GB/T 32905-2016) of UTF-8 text, in hexadecimal."""
    return sm3_bytes(text.encode()).hex()


def entries_seal(*, far: bool = False) -> int:
    """Chain every committed entry that waits; returns how many. ``far`` looks a whole day back."""
    sealed = 0
    while found := _batch_seal(BACK_FAR if far else BACK):
        sealed += found
        if found < BATCH:
            break
    return sealed


@transaction.atomic
def _batch_seal(back: timedelta) -> int:
    if not lock_try(Lock.SEAL):
        return 0
    with connection.cursor() as cursor:
        last = AccessLink.objects.order_by("-position").first()
        cursor.execute(WAITING, {"since": last.sealed_at - back if last else None, "most": BATCH})
        rows = cursor.fetchall()
        if rows:
            # Where more waits, the next pass must still find it: this batch looks no later than its own rows.
            until = timezone.now() if len(rows) < BATCH else max(row[2] for row in rows)
            cursor.execute(LINK, _links(last, rows, until))
    return len(rows)


def _links(last: AccessLink | None, rows: list[Any], until: datetime) -> list[Any]:
    position, digest = (last.position, bytes(last.digest)) if last else (0, GENESIS)
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    for entry_id, lasting, _at, text in rows:
        position += 1
        row = sm3_bytes(text.encode())
        digest = link_digest(digest, position, entry_id, row=row, lasting=lasting)
        for column, value in zip(columns, (position, entry_id, lasting, row, digest), strict=True):
            column.append(value)
    return [until, *columns]
