"""Observations into the table, by the one way that all doors take; one stream table for the whole process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from apps.sensing.data import Fault
from apps.sensing.ingest.decoding import Decoded, rows_decode
from apps.sensing.ingest.quarantine import faults_keep
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.services.storing import chunk_store

DOOR = "sta"
Row = dict[str, Any]


@dataclass
class SharedTable:
    """What is known of the streams. Under ASGI every request has a thread of its own, so one table for all.

    A transaction stores once only: while it holds rows it must not wait for the lock again.
    """

    table: StreamTable = field(default_factory=StreamTable)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def store(self, rows: Sequence[Row], *, domain: str) -> Decoded:
        """Store rows whose datastreams exist, in the caller's transaction; faults come back, not stored."""
        with self.lock:
            unknown = any(row["datastream"] not in self.table.domains for row in rows)
            if unknown or self.table.is_stale(unknown=False):
                with connection.cursor() as cursor:
                    self.table.load(cursor.cursor)
            decoded = rows_decode(enumerate(rows), self.table, domain)
            if len(decoded.batch):
                chunk_store(decoded.batch, self.table)
            return decoded


SHARED = SharedTable()


def faults_quarantine(faults: Sequence[Fault], *, domain: str) -> None:
    """Keep rows that are no readings, with their reasons, in the caller's transaction."""
    with connection.cursor() as cursor:
        faults_keep(cursor.cursor, tuple(faults), domain=domain, door=DOOR)
