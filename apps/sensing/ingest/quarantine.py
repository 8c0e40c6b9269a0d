"""Rows that could not be stored, kept whole with their reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from apps.sensing.data import Fault

ROW_LIMIT = 2000  # characters of a row that are kept
INSERT = """
    INSERT INTO sensing_quarantinedrow (domain, upload_id, door, line, row, field, code, reason, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def faults_keep(
    cursor: Any, faults: Iterable[Fault], *, domain: str, door: str, upload: int | None = None
) -> None:
    """Write the faults of one body or chunk, in the caller's transaction."""
    now = timezone.now()
    cursor.executemany(
        INSERT,
        [
            (
                domain,
                upload,
                door,
                fault.index,
                _json(fault.row),
                fault.field,
                fault.code,
                fault.detail[:300],
                now,
            )
            for fault in faults
        ],
    )


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
