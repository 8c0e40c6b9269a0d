"""The simulator as a device: what it sends at a moment."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from apps.domains.city.simulator.city import SEED, stream_keys, values_at

PERIOD = 60  # seconds between two readings of one sensor
STRIDE = 7  # spreads the sensors over the minute; no divisor of PERIOD
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
