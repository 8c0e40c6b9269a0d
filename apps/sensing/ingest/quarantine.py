"""Rows that could not be stored, kept whole with their reason."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from apps.core.sentences import packed
from apps.core.sentences import sentence as _
from apps.sensing.cleaning.judging import MICROSECONDS
from apps.sensing.data import Conflict, Door, Fault
from apps.sensing.ingest.streams import StreamTable

ROW_LIMIT = 2000  # characters of a row that are kept
CONFLICT = "conflict"  # the code of a row with another value than the stored one
STORED = "stored"  # the member in which that one is shown
LENGTHS = {"domain": 16, "field": 40, "code": 24}
INSERT = """
    INSERT INTO sensing_quarantinedrow (domain, upload_id, door, line, row, field, code, reason, created_at)
    SELECT new.* FROM (VALUES (%s, %s::bigint, %s, %s::bigint, %s::jsonb, %s, %s, %s, %s::timestamptz))
           AS new (domain, upload_id, door, line, row, field, code, reason, created_at)
     WHERE new.upload_id IS NOT NULL AND new.code <> 'conflict' OR NOT EXISTS (
           -- what comes again and again is shown once while open; a file shows all of its own rows
           SELECT FROM sensing_quarantinedrow old
            WHERE old.domain = new.domain AND md5(old.row::text) = md5(new.row::text)
              AND old.code = new.code AND old.state = 'open'
              AND (new.code = 'conflict' OR old.upload_id IS NULL))
"""


def faults_keep(
    cursor: Any, faults: Iterable[Fault], *, domain: str, door: Door, upload: int | None = None
) -> None:
    """Write the faults of one body or chunk, in the caller's transaction."""
    now = timezone.now()
    cursor.executemany(
        INSERT,
        [
            (
                _text("domain", domain),
                upload,
                door,
                max(fault.index, 0),
                _json(fault.row),
                _text("field", fault.field),
                _text("code", fault.code),
                packed(fault.detail),
                now,
            )
            for fault in faults
        ],
    )


def conflicts_keep(
    cursor: Any, conflicts: Sequence[Conflict], table: StreamTable, *, door: Door, upload: int | None = None
) -> None:
    """Write conflicts, each into the quarantine of its datastream's domain, in the caller's transaction."""
    by_domain: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        by_domain.setdefault(table.domains[conflict.datastream], []).append(conflict)
    for domain, several in by_domain.items():
        faults_keep(cursor, conflict_faults(several, table), domain=domain, door=door, upload=upload)


def conflict_faults(conflicts: Sequence[Conflict], table: StreamTable) -> list[Fault]:
    """Conflicts as quarantine shows them: the row as it came, the stored value, and what can be done."""
    keys = table.names(conflict.datastream for conflict in conflicts) if conflicts else {}
    return [
        Fault(
            conflict.index,
            "result",
            CONFLICT,
            _("Another value is stored for this moment (%(stored)s); correct it, or dismiss this one.")
            % {"stored": conflict.stored},
            {
                **row_of(keys.get(conflict.datastream, conflict.datastream), conflict.time, conflict.result),
                STORED: None if math.isnan(conflict.stored) else conflict.stored,
            },
        )
        for conflict in conflicts
    ]


def row_of(datastream: str | int, time: int, result: float) -> dict[str, Any]:
    """A reading as a row that can be sent again."""
    moment = datetime.fromtimestamp(time / MICROSECONDS, UTC).isoformat()
    return {"datastream": datastream, "phenomenonTime": moment, "result": result}


def _text(name: str, value: str) -> str:
    """Text that PostgreSQL takes into a column: without zero characters and halves of characters, cut."""
    return value.encode("utf-8", "replace").decode().replace("\0", "")[: LENGTHS[name]]


def _json(row: Any) -> str:
    """The row as JSON that PostgreSQL takes: no NaN, no zero characters, no half characters, not endless."""
    try:
        text = json.dumps(row, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):  # keys that are no text, or nested without end
        text = type(row).__name__
    text = text.encode("utf-8", "replace").decode()
    if "NaN" in text or "Infinity" in text or "\\u0000" in text or len(text) > ROW_LIMIT:
        return json.dumps(text.replace("\\u0000", "")[:ROW_LIMIT], ensure_ascii=False)
    return text
