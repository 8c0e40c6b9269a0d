"""What is remembered of each stream between two batches, as columns sorted by stream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from apps.sensing.data import Floats, Integers


def _integers() -> Integers:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Recent:
    """The last values of some streams (sorted, each once), as wide as their rule looks back."""

    streams: Integers
    values: Floats  # (n, width)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a batch changes in the memory: the last reading of each of its streams, sorted by stream.

    Kept apart until the batch is committed: rows that are judged again after a lost connection must get the
    verdict that they got the first time.
    """

    streams: Integers = field(default_factory=_integers)
    times: Integers = field(default_factory=_integers)
    values: Floats = field(default_factory=lambda: np.empty(0))
    since: Integers = field(default_factory=_integers)
    recent: tuple[Recent, ...] = ()


@dataclass
class Previous:
    """The last reading of each stream: time (0 when unknown), value, and since when the value is the same.

    ``recent`` (n, width) holds the values before it, NaN on the left where there were fewer, as far as a
    rule has asked for them.
    """

    ids: Integers = field(default_factory=_integers)
    times: Integers = field(default_factory=_integers)
    values: Floats = field(default_factory=lambda: np.empty(0))
    since: Integers = field(default_factory=_integers)
    recent: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def slots(self, streams: Integers) -> Integers:
        """Where each of the ``streams`` (sorted, each once) stands; one that is new gets a place."""
        places = np.searchsorted(self.ids, streams)
        known = places < len(self.ids)
        known[known] = self.ids[places[known]] == streams[known]
        if not known.all():
            self._insert(streams[~known], places[~known])
            places = np.searchsorted(self.ids, streams)
        return places

    def _insert(self, streams: Integers, places: Integers) -> None:
        self.ids = np.insert(self.ids, places, streams)
        self.times, self.since = (np.insert(column, places, 0) for column in (self.times, self.since))
        self.values = np.insert(self.values, places, np.nan)
        self.recent = np.insert(self.recent, places, np.nan, axis=0)

    def hear(self, streams: Integers, times: Integers, values: Floats) -> None:
        """Other processes have stored readings, one of each stream: what is known here must not be older."""
        order = np.argsort(streams)
        slots, times, values = self.slots(streams[order]), times[order], values[order]
        newer = times > self.times[slots]
        slots, times, values = slots[newer], times[newer], values[newer]
        self.since[slots] = np.where(values == self.values[slots], self.since[slots], times)
        self.times[slots], self.values[slots] = times, values

    def remember(self, seen: Seen) -> None:
        """Take over what a committed batch has changed; an older reading changes nothing."""
        slots = self.slots(seen.streams)
        newer = seen.times > self.times[slots]
        slots = slots[newer]
        self.times[slots], self.values[slots] = seen.times[newer], seen.values[newer]
        self.since[slots] = seen.since[newer]
        for recent in seen.recent:
            width = recent.values.shape[1]
            self.widen(width)
            self.recent[self.slots(recent.streams), -width:] = recent.values

    def after(self, batches: Iterable[Seen]) -> Previous:
        """A copy that has taken over some batches, to judge what follows them before their commit."""
        found = Previous(
            self.ids.copy(), self.times.copy(), self.values.copy(), self.since.copy(), self.recent.copy()
        )
        for seen in batches:
            found.remember(seen)
        return found

    def widen(self, width: int) -> None:
        """Remember at least ``width`` values of every stream from now on."""
        missing = width - self.recent.shape[1]
        if missing > 0:
            empty = np.full((len(self.ids), missing), np.nan)
            self.recent = np.concatenate([empty, self.recent], axis=1)
