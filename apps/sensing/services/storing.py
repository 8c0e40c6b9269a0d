"""Storing readings from inside Django: imports, back-fills, pulls, SensorThings. Same path as the gateway."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction

from apps.sensing.cleaning.memory import Previous, Seen
from apps.sensing.data import Batch, Door, Fault, Stored
from apps.sensing.ingest.announcing import readings_announce
from apps.sensing.ingest.decoding import Decoded, rows_decode
from apps.sensing.ingest.groups import shares_of
from apps.sensing.ingest.quarantine import conflicts_keep, faults_keep
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.ingest.writing import batch_write

CHUNK = 50_000  # measured best: larger transactions sort slower, smaller ones commit more often
CHUNK_ROWS = 20_000
KNOWN = threading.local()  # what each thread knows of the streams, and has seen last of each


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: whose quarantine takes their faults, by which channel, of which upload."""

    domain: str
    door: Door
    upload: int | None = None


def readings_store(*, batch: Batch) -> Stored:
    """Store readings whose datastream ids exist; each chunk is one transaction. Returns what was new.

    Rows with another value than the stored one are counted and not kept: imports and simulators run again.
    Raises KeyError naming the first id that is no active datastream.
    """
    known, wanted = streams_known(), set(batch.streams.tolist())
    if not wanted <= known.table.domains.keys():
        known = streams_fresh()
    if missing := wanted - known.table.domains.keys():
        raise KeyError(f"no active datastream {min(missing)}")
    total = Stored(0, 0)
    for start in range(0, len(batch), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(batch)))
        total += chunk_store(Decoded(batch.take(rows), (), known.table), known)
    return total


def rows_store(rows: Iterable[Mapping[str, Any] | Fault], *, domain: str, door: Door) -> Stored:
    """Store rows as the HTTP door takes them; what is no reading goes to quarantine with its reason.

    A row is ``{"datastream": key or id, "phenomenonTime": ISO 8601 or ms, "result": number, "unit"?: UCUM}``,
    or a fault that its reader has found. Each chunk is one transaction; a repeated row changes nothing.
    """
    numbered, total = enumerate(rows), Stored(0, 0)
    while chunk := list(islice(numbered, CHUNK_ROWS)):
        total += chunk_store(_decode(chunk, domain), streams_known(), origin=Origin(domain, door))
    return total


def _decode(chunk: list[tuple[int, Mapping[str, Any] | Fault]], domain: str) -> Decoded:
    """A stream that was registered a moment ago makes the table look again."""
    decoded = rows_decode(chunk, streams_known().table, domain)
    if any(fault.code == "unknown" for fault in decoded.faults):
        decoded = rows_decode(chunk, streams_known(unknown=True).table, domain)
    return decoded


def streams_known(*, unknown: bool = False) -> KnownStreams:
    """What this thread knows of the streams, read again when it is old, or when a key was not found."""
    known: KnownStreams = KNOWN.__dict__.setdefault("streams", KnownStreams())
    return streams_fresh() if known.is_stale(unknown=unknown) else known


def streams_fresh() -> KnownStreams:
    """What this thread knows of the streams, as the database has it now."""
    known: KnownStreams = KNOWN.__dict__.setdefault("streams", KnownStreams())
    with connection.cursor() as cursor:
        known.load(cursor.cursor)
    return known


@transaction.atomic
def chunk_store(decoded: Decoded, known: KnownStreams, *, origin: Origin | None = None) -> Stored:
    """Rows in one transaction, announced and remembered after its commit.

    Faults and conflicts go to the quarantine of their ``origin``; without one the caller takes care of them.
    """
    with connection.cursor() as cursor:
        raw = cursor.cursor
        written = batch_write(raw, [decoded], known, previous=_previous(known))
        (stored,) = shares_of([decoded], written)
        if origin is not None:
            door, upload = origin.door, origin.upload
            faults_keep(raw, stored.faults, domain=origin.domain, door=door, upload=upload)
            conflicts_keep(raw, stored.conflicts, decoded.table, door=door, upload=upload)
    transaction.on_commit(partial(known.remember, written.seen))
    transaction.on_commit(partial(readings_announce, written.news))
    return stored


def _previous(known: KnownStreams) -> Previous | None:
    """What came before, with what the same transaction has stored already; None where it has stored nothing.

    Django keeps what is to be done on commit and forgets it on a rollback: exactly the rows that count.
    """
    calls = (hook[1] for hook in connection.run_on_commit)
    waiting: list[Seen] = [
        call.args[0] for call in calls if isinstance(call, partial) and call.func == known.remember
    ]
    return known.previous.after(waiting) if waiting else None
