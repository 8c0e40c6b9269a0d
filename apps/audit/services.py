"""Writing the access log, and proving that nobody has touched it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import connection, transaction
from django.utils import timezone
from structlog.contextvars import get_contextvars

from apps.audit.models import AccessEntry

CHAIN_LOCK = 0x43504155  # advisory lock: entries are chained one after another
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Act:
    """What happened, without any value of the object."""

    action: str
    user_id: int | None = None
    object_type: str = ""
    object_id: str = ""
    purpose: str = ""
    rows: int = 0
    result: str = "done"
    address: str | None = None


def sm3(text: str) -> str:
    """SM3 (GB/T 32905-2016) of UTF-8 text, in hexadecimal."""
    digest = Hash(SM3())
    digest.update(text.encode())
    return digest.finalize().hex()


def _digest(entry: AccessEntry) -> str:
    values = (
        entry.previous,
        entry.at.isoformat(),
        entry.user_id,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.purpose,
        entry.rows,
        entry.result,
        entry.address,
        entry.request_id,
    )
    return sm3(json.dumps(values, ensure_ascii=False))


@transaction.atomic
def access_record(act: Act) -> AccessEntry:
    """Add one entry to the chain; it stands or falls with the transaction that it belongs to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AccessEntry.objects.order_by("-id").values_list("digest", flat=True).first()
    entry = AccessEntry(
        at=timezone.now(),
        user_id=act.user_id,
        action=act.action,
        object_type=act.object_type,
        object_id=act.object_id,
        purpose=act.purpose,
        rows=act.rows,
        result=act.result,
        address=act.address,
        request_id=str(get_contextvars().get("request_id", "")),
        previous=last or GENESIS,
    )
    entry.digest = _digest(entry)
    entry.save(force_insert=True)
    return entry


def chain_first_break() -> int | None:
    """The id of the first entry whose hash does not fit, or None when the log is whole."""
    previous = GENESIS
    for entry in AccessEntry.objects.order_by("id").iterator(chunk_size=5000):
        if entry.previous != previous or entry.digest != _digest(entry):
            return entry.pk
        previous = entry.digest
    return None
