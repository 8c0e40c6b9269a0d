"""The verifier: follows the chain from its beginning, or from the last purge, and names what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from apps.audit.data import ChainState, Fault, FaultKind, sm3_bytes
from apps.audit.models import AccessAnchor
from apps.audit.selectors.anchors import anchor_faults, purge_newest

GENESIS = bytes(32)
CHUNK = 5000
# A row is digested whole, by column name; columns without a value are left out, so that a column added later
# changes no old digest.
SEALED = """
    SELECT l.position, l.entry_id, l.lasting, l.row_digest, l.digest, jsonb_strip_nulls(to_jsonb(e))::text
      FROM audit_accesslink l LEFT JOIN audit_accessentry e ON e.id = l.entry_id
     WHERE l.position > %s ORDER BY l.position
"""
# The sealer looks a day back once an hour: what is older and has no link was put in by somebody else.
UNSEALED = """
    SELECT e.id FROM audit_accessentry e
     WHERE e.at < (SELECT sealed_at - interval '25 hours' FROM audit_accesslink
                    ORDER BY position DESC LIMIT 1)
       AND NOT EXISTS (SELECT FROM audit_accesslink l WHERE l.entry_id = e.id)
     ORDER BY e.id LIMIT %s
"""
MOST_FAULTS = 100


def link_digest(previous: bytes, position: int, entry_id: int, *, row: bytes, lasting: bool) -> bytes:
    """SM3 over the digest before, the place, the entry and the entry's own digest."""
    place = position.to_bytes(8, "big") + entry_id.to_bytes(8, "big")
    return sm3_bytes(previous + place + bytes([lasting]) + row)


def chain_first_break() -> int | None:
    """The id of the first entry that does not fit, or None when the log is whole."""
    state = chain_faults(most=1)
    return state.faults[0].entry_id if state.faults else None


@transaction.atomic
def chain_faults(*, most: int = MOST_FAULTS) -> ChainState:
    """Compare every sealed entry with the chain; at most so many faults, in the order of the chain."""
    purge = purge_newest()
    faults, entries = list[Fault](), 0
    for found in _links(purge):
        entries += 1
        if found is not None:
            faults.append(found)
            if len(faults) >= most:
                break
    faults += anchor_faults(purge)
    if len(faults) < most:
        faults += _inserted(most - len(faults))
    return ChainState(entries, faults[:most])


def _links(purge: AccessAnchor | None) -> Iterator[Fault | None]:
    """For each link None, or what is wrong there; after a broken link the chain is followed as it stands."""
    start, digest = _start(purge)
    short, expected = purge.purged_short if purge else 0, start
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    with connection.chunked_cursor() as cursor:
        cursor.execute(SEALED, [start])
        for position, entry_id, lasting, row, own, text in _all(cursor):
            expected += 1
            fitting = link_digest(digest, expected, entry_id, row=bytes(row), lasting=lasting)
            is_link = position == expected and fitting == bytes(own)
            kind = _kind(text, row=bytes(row), may_miss=position <= short and not lasting, is_link=is_link)
            yield None if kind is None else Fault(kind, entry_id, position)
            expected, digest = position, bytes(own)


def _all(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(CHUNK):
        yield from rows


def _start(purge: AccessAnchor | None) -> tuple[int, bytes]:
    if purge is None or not purge.purged_long:
        return 0, GENESIS
    kept: Any = AccessAnchor.objects.filter(position=purge.purged_long).order_by("-id").first()
    return (purge.purged_long, bytes(kept.digest)) if kept else (0, GENESIS)


def _kind(text: str | None, *, row: bytes, may_miss: bool, is_link: bool) -> FaultKind | None:
    if text is None and not may_miss:
        return FaultKind.REMOVED
    if text is not None and sm3_bytes(text.encode()) != row:
        return FaultKind.CHANGED
    return None if is_link else FaultKind.LINK


def _inserted(most: int) -> list[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED, [most])
        return [Fault(FaultKind.INSERTED, row[0]) for row in cursor.fetchall()]
