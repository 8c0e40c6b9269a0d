"""Adding entries to the access log: one plain INSERT each; the chain is made a moment later.

What goes into an entry comes from outside in part: layer names, paths, ids. It is cleaned here and nowhere
else, so that the database refuses no entry for its texts.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.utils import timezone
from structlog.contextvars import get_contextvars

from apps.accounts.data import ACTING
from apps.audit.data import LASTING, Act
from apps.audit.models import AccessEntry
from apps.audit.recorder import written
from apps.core.numbers import BIGGEST
from apps.core.texts import text_clean

COLUMNS = (
    *("at", "user_id", "role", "action", "object_type", "object_id", "fields", "objects_seen"),
    *("purpose", "rows", "result", "address", "request_id", "lasting"),
)
INSERT = """
    INSERT INTO audit_accessentry (at, user_id, role, action, object_type, object_id, fields, objects_seen,
                                   purpose, rows, result, address, request_id, lasting)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""


def _widths() -> dict[str, int]:
    """How many characters each column, or each item of a list, may have."""
    found = {}
    for field in AccessEntry._meta.concrete_fields:
        text = field.base_field if isinstance(field, ArrayField) else field
        if text.max_length is not None and field.name != "address":
            found[field.name] = text.max_length
    return found


WIDTHS = _widths()


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


def entry_of(act: Act, *, request_id: str = "") -> AccessEntry:
    """The entry of an act of this moment and of this request; ids may name another type: ``type:id``."""
    objects = (key if ":" in key else f"{act.object_type}:{key}" for key in act.objects)
    return AccessEntry(
        at=timezone.now(),
        user_id=act.user_id,
        role=_text("role", _roles(act)),
        action=_text("action", act.action),
        object_type=_text("object_type", act.object_type),
        object_id=_text("object_id", act.object_id),
        fields=[_text("fields", name) for name in act.fields],
        objects_seen=[_text("objects_seen", key) for key in objects],
        purpose=_text("purpose", act.purpose),
        rows=min(max(act.rows, 0), BIGGEST),
        result=_text("result", act.result),
        address=_address(act.address),
        request_id=_text("request_id", request_id or str(get_contextvars().get("request_id", ""))),
        lasting=act.action in LASTING,
    )


def _roles(act: Act) -> str:
    """The roles that the act names, else those under which its user works now, with the key that acts."""
    viewer = ACTING.get()
    return act.role or (viewer.acting_roles if viewer.user_id == act.user_id else "")


def _text(column: str, text: str) -> str:
    return text_clean(text, WIDTHS[column])


def _address(text: str | None) -> str | None:
    """The address without its zone, which PostgreSQL does not know; None for no address."""
    try:
        return str(ip_address((text or "").partition("%")[0]))
    except ValueError:
        return None


def values_of(entry: AccessEntry) -> list[Any]:
    """The values of the columns, as ``INSERT`` takes them."""
    return [getattr(entry, name) for name in COLUMNS]
