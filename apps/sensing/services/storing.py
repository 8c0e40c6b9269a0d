"""Storing readings from inside Django: imports, back-fills, pulls, SensorThings. Same path as the gateway."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction

from apps.sensing.data import Batch, Fault, Stored
from apps.sensing.ingest.announcing import readings_announce
from apps.sensing.ingest.decoding import Decoded, rows_decode
from apps.sensing.ingest.quarantine import faults_keep
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.ingest.writing import Written, batch_write

CHUNK = 50_000  # measured best: larger transactions sort slower, smaller ones commit more often
CHUNK_ROWS = 20_000
KNOWN = threading.local()  # a stream table for each thread: it remembers the last reading of each stream


def readings_store(*, batch: Batch) -> Stored:
    """Store readings whose datastream ids exist; each chunk is one transaction. Returns what was new.

    Raises KeyError naming the first id that is no active datastream.
    """
    table, wanted = table_known(), set(batch.streams.tolist())
    if not wanted <= table.domains.keys():
        table = table_fresh()
    if missing := wanted - table.domains.keys():
        raise KeyError(f"no active datastream {min(missing)}")
    stored = 0
    for start in range(0, len(batch), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(batch)))
        stored += chunk_store(batch.take(rows), table).stored
    return Stored(stored, len(batch) - stored)


def rows_store(rows: Iterable[Mapping[str, Any]], *, domain: str, door: str) -> Stored:
    """Store rows as the HTTP door takes them; what is no reading goes to quarantine with its reason.

    A row is ``{"datastream": key or id, "phenomenonTime": ISO 8601 or ms, "result": number, "unit"?: UCUM}``.
    Each chunk is one transaction; a repeated row changes nothing.
    """
    numbered, total = enumerate(rows), Stored(0, 0)
    while chunk := list(islice(numbered, CHUNK_ROWS)):
        decoded = _decode(chunk, domain)
        part = _chunk_store(decoded.batch, decoded.faults, domain=domain, door=door)
        total = Stored(
            total.stored + part.stored, total.repeated + part.repeated, (*total.faults, *decoded.faults)
        )
    return total


def _decode(chunk: list[tuple[int, Mapping[str, Any]]], domain: str) -> Decoded:
    """A stream that was registered a moment ago makes the table look again."""
    decoded = rows_decode(chunk, table_known(), domain)
    if any(fault.code == "unknown" for fault in decoded.faults):
        decoded = rows_decode(chunk, table_known(unknown=True), domain)
    return decoded


@transaction.atomic
def _chunk_store(batch: Batch, faults: tuple[Fault, ...], *, domain: str, door: str) -> Stored:
    stored = chunk_store(batch, table_known()).stored
    with connection.cursor() as cursor:
        faults_keep(cursor.cursor, faults, domain=domain, door=door)
    return Stored(stored, len(batch) - stored)


def table_known(*, unknown: bool = False) -> StreamTable:
    """This thread's stream table, read again when it is old, or when a key was not found."""
    table: StreamTable = KNOWN.__dict__.setdefault("table", StreamTable())
    return table_fresh() if table.is_stale(unknown=unknown) else table


def table_fresh() -> StreamTable:
    """This thread's stream table, as the database has it now."""
    table: StreamTable = KNOWN.__dict__.setdefault("table", StreamTable())
    with connection.cursor() as cursor:
        table.load(cursor.cursor)
    return table


@transaction.atomic
def chunk_store(batch: Batch, table: StreamTable) -> Written:
    """One batch in one transaction, announced after commit."""
    with connection.cursor() as cursor:
        written = batch_write(cursor.cursor, batch, table)
    transaction.on_commit(partial(readings_announce, written.judged))
    return written
