"""The simulator as a device: what it sends at a moment."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from apps.domains.city.simulator.city import SEED, stream_keys, values_at
from apps.sensing.data import Batch
from apps.sensing.selectors import datastreams_of
from apps.sensing.services import readings_store

PERIOD = 60  # seconds between two readings of one sensor
STRIDE = 7  # spreads the sensors over the minute; no divisor of PERIOD
PAST_STEP = 300  # seconds between two readings of the back-fill
DAY_SECONDS = 86_400
MOST_SECONDS = PERIOD  # after a pause the missed readings are not made up


class CitySimulator:
    """Each sensor reads once a minute, at its own second."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        self.keys = stream_keys(seed)
        self._phase = np.arange(len(self.keys)) * STRIDE % PERIOD
        self._last = 0  # second of the last call

    def readings(self, now: datetime) -> dict[str, list[object]]:
        """The readings that fell due since the last call, as the gateway's columns."""
        until = int(now.timestamp())
        times = np.arange(max(self._last, until - MOST_SECONDS) + 1, until + 1)
        self._last = until
        columns: dict[str, list[object]] = {"datastream": [], "phenomenonTime": [], "result": []}
        if not times.size:
            return columns
        values = values_at(times, seed=self.seed)
        due = (times[:, None] % PERIOD == self._phase) & np.isfinite(values)
        rows, streams = np.nonzero(due)
        columns["datastream"] = [self.keys[stream] for stream in streams]
        columns["phenomenonTime"] = (times[rows] * 1000).tolist()
        columns["result"] = values[rows, streams].tolist()
        return columns

    def backfill(self, *, days: int, until: datetime | None = None) -> int:
        """Store the last ``days`` in steps of five minutes; returns how many readings are new."""
        end = int((until or timezone.now()).timestamp()) // PAST_STEP * PAST_STEP
        ids = self._stream_ids()
        known = np.flatnonzero(ids)
        return sum(
            self._store(np.arange(start, start + DAY_SECONDS, PAST_STEP), ids, known)
            for start in range(end - days * DAY_SECONDS, end, DAY_SECONDS)
        )

    def _stream_ids(self) -> NDArray[np.int64]:
        """The datastream of each column; 0 where the database has none."""
        kinds = {key.rpartition(".")[2] for key in self.keys}
        rows = [datastreams_of(domain="city", kind=kind).values_list("key", "pk") for kind in sorted(kinds)]
        known = {key: pk for found in rows for key, pk in found}
        return np.array([known.get(key, 0) for key in self.keys], dtype=np.int64)

    def _store(self, times: NDArray[np.int64], ids: NDArray[np.int64], known: NDArray[np.int64]) -> int:
        values = values_at(times, seed=self.seed)[:, known]
        rows, columns = np.nonzero(np.isfinite(values))
        batch = Batch(ids[known][columns], times[rows] * 1_000_000, values[rows, columns])
        return readings_store(batch=batch).stored
