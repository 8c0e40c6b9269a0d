"""Observations into the table, by the one way that all doors take; one stream table for the whole process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from apps.sensing.data import Conflict, Door, Fault, Stored
from apps.sensing.ingest.decoding import Decoded, rows_decode
from apps.sensing.ingest.quarantine import conflicts_keep, faults_keep
from apps.sensing.ingest.streams import KnownStreams, StreamTable
from apps.sensing.services.storing import chunk_store

DOOR: Door = "sensorthings"
Row = dict[str, Any]


@dataclass
class SharedStreams:
    """What is known of the streams. Under ASGI every request has a thread of its own, so one for all.

    A transaction stores once only: while it holds rows it must not wait for the lock again.
    """

    known: KnownStreams = field(default_factory=KnownStreams)

    def store(self, rows: Sequence[Row], *, domain: str) -> tuple[Decoded, Stored]:
        """Store rows whose datastreams exist, in the caller's transaction.

        Faults and conflicts come back; the caller says what is to become of them.
        """
        with self.known.lock:
            unknown = any(row["datastream"] not in self.known.table.domains for row in rows)
            if unknown or self.known.is_stale(unknown=False):
                with connection.cursor() as cursor:
                    self.known.load(cursor.cursor)
            decoded = rows_decode(enumerate(rows), self.known.table, domain)
            return decoded, chunk_store(decoded, self.known)


SHARED = SharedStreams()


def faults_quarantine(faults: Sequence[Fault], *, domain: str) -> None:
    """Keep rows that are no readings, with their reasons, in the caller's transaction."""
    with connection.cursor() as cursor:
        faults_keep(cursor.cursor, tuple(faults), domain=domain, door=DOOR)


def conflicts_quarantine(conflicts: Sequence[Conflict], table: StreamTable) -> None:
    """Keep other values of known moments, after the transaction that had them has been taken back."""
    with connection.cursor() as cursor:
        conflicts_keep(cursor.cursor, conflicts, table, door=DOOR)
