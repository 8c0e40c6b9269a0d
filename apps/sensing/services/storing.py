"""Storing readings from inside Django: imports, back-fills, uploads. Same path as the gateway."""

from __future__ import annotations

from functools import partial

from django.db import connection, transaction

from apps.sensing.data import Batch, Stored
from apps.sensing.ingest.announcing import readings_announce
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.ingest.writing import Written, batch_write

CHUNK = 50_000  # measured best: larger transactions sort slower, smaller ones commit more often


def readings_store(*, batch: Batch) -> Stored:
    """Store readings whose datastream ids exist; each chunk is one transaction. Returns what was new.

    Raises KeyError naming the first id that is no active datastream.
    """
    table = StreamTable()
    with connection.cursor() as cursor:
        table.load(cursor.cursor)
    missing = set(batch.streams.tolist()) - set(table.domains)
    if missing:
        raise KeyError(f"no active datastream {min(missing)}")
    stored = 0
    for start in range(0, len(batch), CHUNK):
        end = start + CHUNK
        part = Batch(batch.streams[start:end], batch.times[start:end], batch.results[start:end])
        stored += chunk_store(part, table).stored
    return Stored(stored, len(batch) - stored)


@transaction.atomic
def chunk_store(batch: Batch, table: StreamTable) -> Written:
    """One batch in one transaction, announced after commit."""
    with connection.cursor() as cursor:
        written = batch_write(cursor.cursor, batch, table)
    transaction.on_commit(partial(readings_announce, written.judged))
    return written
