"""Days of readings, with everything that an observation may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection

from apps.sensing.data import Batch
from apps.sensing.models import Datastream
from apps.sensing.services import readings_store
from tests.sensing.builders import school_streams

FIRST = date(2026, 9, 1)
FIRST_US = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp()) * 1_000_000
MINUTE_US = 60_000_000
ALL = "SELECT * FROM sensing_observation ORDER BY datastream_id, phenomenon_time"


def day(number: int) -> date:
    """The day with this number, from 0."""
    return FIRST + timedelta(days=number)


def readings(streams: list[Datastream], *, days: int = 2, every: int = 10) -> int:
    """Readings every ``every`` minutes of each stream on consecutive days; returns how many."""
    draw, count = np.random.default_rng(7), days * 1440 // every
    times = np.tile(FIRST_US + np.arange(count) * every * MINUTE_US, len(streams))
    ids = np.repeat(np.array([stream.pk for stream in streams], np.int64), count)
    values = np.round(420 + draw.normal(0, 40, len(ids)), 2)
    return readings_store(batch=Batch(ids, times, values)).stored


def late(stream: int) -> Batch:
    """One more reading of the first day."""
    return Batch(np.array([stream]), np.array([FIRST_US + 1]), np.array([433.0]))


def city_of_oddities(*, days: int = 2) -> list[Datastream]:
    """Two streams with readings, among them missing, raw, marked, tiny and negative ones."""
    streams = school_streams(2)
    readings(streams, days=days)
    odd = "UPDATE sensing_observation SET {} WHERE datastream_id = %s AND phenomenon_time = %s"
    changes = ["result = NULL, quality = 3", "raw = 1e-300, flags = 256", "result = '-0'", "result = 'NaN'"]
    with connection.cursor() as cursor:
        for number, change in enumerate(changes):
            at = datetime(2026, 9, 1, number, tzinfo=UTC)
            cursor.execute(odd.format(change), [streams[0].pk, at])
    return streams


def table_rows() -> list[tuple[Any, ...]]:
    """Every observation as text, so that NaN equals NaN."""
    with connection.cursor() as cursor:
        cursor.execute(ALL)
        return [tuple(map(str, row)) for row in cursor.fetchall()]


@pytest.fixture
def lake_folder(tmp_path: Path, settings: Any) -> Path:
    """A lake of its own for the test."""
    settings.LAKE_URL = f"file://{tmp_path / 'lake'}"
    return tmp_path / "lake"
