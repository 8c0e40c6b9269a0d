"""Fewer readings of a stream: one for each window of time, or only those that differ enough.

A reading that broke a quality rule passes as it is and enters no mean: news is never averaged away. So does
a reading that is not newer than the last one of its stream, since its window may have been sent already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import msgspec
import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Floats, Integers
from apps.sensing.edge.config import Rule
from apps.sensing.edge.windows import Windows, windows_join, windows_of

Mask = NDArray[np.bool_]
ALL, MEAN, LAST, MINMAX = range(4)
KEEPS = {"all": ALL, "mean": MEAN, "last": LAST, "minmax": MINMAX}
SECOND = 1_000_000


@dataclass
class Sampler:
    """The open window, the last time and the last value sent of every stream; ``pack`` survives a restart."""

    rules: list[Rule] = field(default_factory=list)  # by stream number
    seen: Integers = field(default_factory=lambda: np.empty(0, np.int64))  # newest time
    done: Integers = field(default_factory=lambda: np.empty(0, np.int64))  # newest window that was sent
    opened: Windows = field(default_factory=Windows.none)
    sent: dict[int, tuple[int, float]] = field(default_factory=dict)
    _keep: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    _every: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    _banded: Mask = field(default_factory=lambda: np.empty(0, bool))

    def learn(self, rules: Sequence[Rule]) -> None:
        """Rules of the streams that are new, in the order of their numbers."""
        if not rules:
            return
        self.rules += rules
        new = np.full(len(self.rules) - len(self.seen), -1, np.int64)
        self.seen, self.done = np.concatenate([self.seen, new]), np.concatenate([self.done, new])
        self._keep = np.array([KEEPS[rule.keep] for rule in self.rules], np.int8)
        self._every = np.array([round(rule.every * SECOND) for rule in self.rules], np.int64)
        self._banded = np.array([rule.dead_band == rule.dead_band for rule in self.rules], bool)  # not NaN

    def sample(self, batch: Batch, flagged: Mask) -> tuple[Batch, Mask]:
        """What is to be kept of a batch sorted by (stream, time), and which of it broke a rule."""
        newer = batch.times > self.seen[batch.streams]
        np.maximum.at(self.seen, batch.streams, batch.times)
        newer &= batch.times // self._every[batch.streams] > self.done[batch.streams]
        windowed = newer & ~flagged & (self._keep[batch.streams] != ALL)
        plain = batch.take(np.flatnonzero(~windowed))
        passed = flagged[~windowed]
        closed = self._window(batch.take(np.flatnonzero(windowed)))
        both = joined(plain, closed)
        marks = np.concatenate([passed, np.zeros(len(closed), bool)])
        fresh = np.concatenate([newer[~windowed], np.ones(len(closed), bool)])
        order = np.lexsort((both.times, both.streams))
        both, marks, fresh = both.take(order), marks[order], fresh[order]
        kept = np.flatnonzero(self._differ(both, marks | ~fresh))
        return both.take(kept), marks[kept]

    def flush(self, until: int) -> Batch:
        """The windows that ended before ``until`` (microseconds): a silent stream is not held back."""
        ended = (self.opened.window + 1) * self._every[self.opened.stream] <= until
        closed, self.opened = self.opened.take(ended), self.opened.take(~ended)
        return self._emitted(closed)

    def pack(self) -> bytes:
        """All that must not be forgotten, as bytes; none where every stream is kept whole."""
        if not (self._banded.any() or (self._keep != ALL).any()):
            return b""
        state = {
            "seen": self.seen.tobytes(),
            "done": self.done.tobytes(),
            "opened": self.opened.pack(),
            "sent": self.sent,
        }
        return msgspec.msgpack.encode(state)

    def unpack(self, packed: bytes) -> None:
        """Take up what ``pack`` gave; the rules must have been learnt."""
        state = msgspec.msgpack.decode(packed)
        for name in ("seen", "done"):
            known = np.frombuffer(state[name], np.int64)[: len(self.rules)]
            getattr(self, name)[: len(known)] = known
        self.opened = Windows.unpack(state["opened"])
        self.sent = {
            int(stream): (int(time), float(value)) for stream, (time, value) in state["sent"].items()
        }

    def _window(self, batch: Batch) -> Batch:
        """Add readings to their windows; returns those of the windows that are over."""
        if not len(batch):
            return batch
        groups = windows_of(batch, batch.times // self._every[batch.streams])
        joint = windows_join(self.opened, groups)
        is_last = np.append(joint.stream[1:] != joint.stream[:-1], True)
        self.opened = joint.take(is_last)
        return self._emitted(joint.take(~is_last))

    def _emitted(self, closed: Windows) -> Batch:
        """The readings that stand for windows: a mean at their start, the last one, or lowest and highest."""
        np.maximum.at(self.done, closed.stream, closed.window)
        keep = self._keep[closed.stream]
        mean, last, ends = keep == MEAN, keep == LAST, keep == MINMAX
        twice = ends & (closed.low_time != closed.high_time)
        starts = closed.window * self._every[closed.stream]
        parts = [
            Batch(closed.stream[mean], starts[mean], closed.total[mean] / closed.count[mean]),
            Batch(closed.stream[last], closed.last_time[last], closed.last[last]),
            Batch(closed.stream[ends], closed.low_time[ends], closed.low[ends]),
            Batch(closed.stream[twice], closed.high_time[twice], closed.high[twice]),
        ]
        return joined(*parts)

    def _differ(self, batch: Batch, exempt: Mask) -> Mask:
        """Rows of streams with a dead band that differ enough from the last one kept; all other rows."""
        kept = np.ones(len(batch), bool)
        for row in np.flatnonzero(self._banded[batch.streams] & ~exempt).tolist():
            stream, time, value = int(batch.streams[row]), int(batch.times[row]), float(batch.results[row])
            rule = self.rules[stream]
            before, known = self.sent.get(stream, (-1, inf))
            silent = (time - before) / SECOND >= rule.heartbeat
            kept[row] = before < 0 or silent or abs(value - known) >= rule.dead_band
            if kept[row]:
                self.sent[stream] = (time, value)
        return kept


def joined(*parts: Batch) -> Batch:
    """Batches one behind the other."""
    streams: Integers = np.concatenate([part.streams for part in parts])
    times: Integers = np.concatenate([part.times for part in parts])
    results: Floats = np.concatenate([part.results for part in parts])
    return Batch(streams, times, results)
