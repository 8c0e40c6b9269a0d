"""Adding entries to the access log: one plain INSERT each; the chain is made a moment later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils import timezone
from structlog.contextvars import get_contextvars

from apps.accounts.data import ACTING
from apps.audit.data import LASTING, Act
from apps.audit.models import AccessEntry
from apps.audit.recorder import written

INSERT = """
    INSERT INTO audit_accessentry (at, user_id, role, action, object_type, object_id, fields, objects_seen,
                                   purpose, rows, result, address, request_id, lasting)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""


def access_record(act: Act) -> AccessEntry:
    """Add one entry; it stands or falls with the transaction that it belongs to."""
    if act.object_id and not act.objects:
        act = replace(act, objects=(act.object_id,))
    entry = entry_of(act)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values_of(entry))
        entry.pk = cursor.fetchone()[0]
    written(entry.pk, entry.objects_seen)
    return entry


def entry_of(act: Act) -> AccessEntry:
    """The entry of an act of this moment and of this request; ids may name another type: ``type:id``."""
    return AccessEntry(
        at=timezone.now(),
        user_id=act.user_id,
        role=_roles(act)[:400],
        action=act.action,
        object_type=act.object_type,
        object_id=act.object_id,
        fields=list(act.fields),
        objects_seen=[key if ":" in key else f"{act.object_type}:{key}" for key in act.objects],
        purpose=act.purpose[:80],
        rows=act.rows,
        result=act.result,
        address=act.address,
        request_id=str(get_contextvars().get("request_id", "")),
        lasting=act.action in LASTING,
    )


def _roles(act: Act) -> str:
    """The roles that the act names, else those under which its user works now, with the key that acts."""
    viewer = ACTING.get()
    return act.role or (viewer.acting_roles if viewer.user_id == act.user_id else "")


def values_of(entry: AccessEntry) -> list[Any]:
    """The values of the columns, as ``INSERT`` takes them."""
    return [
        entry.at,
        entry.user_id,
        entry.role,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.fields,
        entry.objects_seen,
        entry.purpose,
        entry.rows,
        entry.result,
        entry.address,
        entry.request_id,
        entry.lasting,
    ]
