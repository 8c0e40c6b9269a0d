"""A plain simulator for domains whose readings follow the day: mean, daily wave, slow drift and noise.

Deterministic: the same stream has the same value at the same second, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.utils import timezone

from apps.core.domains import domain_get
from apps.sensing.data import Batch, Floats, Integers
from apps.sensing.models import Datastream
from apps.sensing.services.storing import readings_store

DAY = 86_400
PAST_STEP = 300  # seconds between two readings of the past; no kind calls this a gap
MOST_SECONDS = 120  # after a pause the missed readings are not made up


@dataclass(frozen=True, slots=True)
class Wave:
    """The daily course of one kind: mean + swing at ``peak_hour`` (UTC), mean - swing twelve hours later."""

    mean: float
    swing: float
    peak_hour: float
    noise: float

    def values(self, times: Integers, stream: int) -> Floats:
        """One value for each second of ``times`` for the stream with this id."""
        phase = 2 * np.pi * (times / DAY - self.peak_hour / 24)
        own = np.sin(stream * 12.9898) * self.swing * 0.4  # streams differ from each other
        ripple = np.sin(times / 37.0 + stream) + np.sin(times / 911.0 + 2 * stream)
        values: Floats = self.mean + own + self.swing * np.cos(phase) + self.noise * ripple / 2
        return np.round(values, 2)


class WaveSimulator:
    """The simulator of one domain from one wave for each of its kinds."""

    def __init__(self, domain: str, waves: Mapping[str, Wave]) -> None:
        self._waves = waves
        self._intervals = {kind.key: kind.interval for kind in domain_get(domain).kinds}
        streams = Datastream.objects.filter(thing__domain=domain, kind__in=list(waves)).order_by("pk")
        self._streams = list(streams.values_list("pk", "key", "kind"))
        self._last = 0

    def readings(self, now: datetime) -> dict[str, list[Any]]:
        """The readings that fell due since the last call; each stream reads at its own second."""
        until = int(now.timestamp())
        seconds = np.arange(max(self._last, until - MOST_SECONDS) + 1, until + 1)
        self._last = until
        columns: dict[str, list[Any]] = {"datastream": [], "phenomenonTime": [], "result": []}
        for stream, key, kind in self._streams:
            due = seconds[(seconds + stream * 7) % self._intervals[kind] == 0]
            columns["datastream"] += [key] * len(due)
            columns["phenomenonTime"] += (due * 1000).tolist()
            columns["result"] += self._waves[kind].values(due, stream).tolist()
        return columns

    def backfill(self, *, days: int, until: datetime | None = None) -> int:
        """Store ``days`` up to ``until`` (now) in steps of five minutes; returns how many are new."""
        end = int((until or timezone.now()).timestamp()) // PAST_STEP * PAST_STEP
        seconds = np.arange(end - days * DAY, end, PAST_STEP)
        if not self._streams:
            return 0
        ids = np.repeat([stream for stream, _key, _kind in self._streams], len(seconds))
        times = np.tile(seconds * 1_000_000, len(self._streams))
        values = [self._waves[kind].values(seconds, stream) for stream, _key, kind in self._streams]
        return readings_store(batch=Batch(ids, times, np.concatenate(values))).stored
