"""Streams to write to and columns to send."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from django.db import connection

from apps.sensing.data import Batch
from apps.sensing.ingest.streams import KnownStreams, StreamTable
from apps.sensing.models import Datastream
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts
from tests.people import department

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
NOON_US = int(NOON.timestamp()) * 1_000_000
SECOND = 1_000_000


def school_streams(count: int = 2, *, kind: str = "co2") -> list[Datastream]:
    """Datastreams of invented schools, in the order of their keys."""
    department("education")
    facts = [ThingFacts(f"T{number:03}", f"School {number}") for number in range(count)]
    things = things_register(domain="school", things=facts)
    found = datastreams_register(domain="school", things=things, kinds=[kind])
    return sorted(found.values(), key=lambda stream: stream.key)


def stream_table() -> StreamTable:
    """The table as a door holds it."""
    known = KnownStreams()
    with connection.cursor() as cursor:
        known.load(cursor.cursor)
    return known.table


def batch(streams: list[int], seconds: list[float], results: list[float]) -> Batch:
    """Readings at seconds after noon."""
    times = np.array([NOON_US + int(second * SECOND) for second in seconds], np.int64)
    return Batch(np.array(streams, np.int64), times, np.array(results, np.float64))
