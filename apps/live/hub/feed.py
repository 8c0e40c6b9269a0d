"""What one policy class sees of one layer: latest values, numbered frames, a short memory for resuming."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from apps.live.data import Reading
from apps.live.hub.client import Client

MEMORY = 120  # frames that a client may have missed and still resume


def number_first() -> int:
    """Where a feed starts to count: a number of another process or of an earlier feed means nothing here.

    Below 2**53, so that JavaScript counts on exactly.
    """
    return secrets.randbelow(1 << 20) << 32


@dataclass(eq=False)
class Feed:
    """Latest wins: between two frames a feature keeps its newest reading only."""

    layer: str
    division: str  # of the viewers; "" is the whole city
    values: dict[int, Reading] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    number: int = field(default_factory=number_first)
    clients: dict[Client, None] = field(default_factory=dict)
    former: frozenset[str] = frozenset()  # codes of ended divisions that are parts of theirs now
    _memory: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=MEMORY))

    def take(self, feature: int, reading: Reading) -> None:
        """A reading of a feature; an older one than the one that is known is not shown."""
        known = self.values.get(feature)
        if known is None or reading[0] >= known[0]:
            self.values[feature] = reading
            self.changed.add(feature)

    def renew(self, readings: Mapping[int, Reading]) -> None:
        """Take what the database knows better, and let go of features that are gone from it."""
        for feature in self.values.keys() - readings.keys():
            del self.values[feature]
            self.changed.discard(feature)
        for feature, reading in readings.items():
            if self.values.get(feature) != reading:
                self.take(feature, reading)

    def flush(self) -> None:
        """Send what has changed since the last frame, serialised once for all clients."""
        if not self.changed:
            return
        self.number += 1
        rows = [(feature, *self.values[feature]) for feature in sorted(self.changed)]
        text = self._message("frame", rows)
        self.changed.clear()
        self._memory.append((self.number, text))
        for client in list(self.clients):
            client.offer(text, self, self.number)

    def join(self, client: Client, *, resume: int | None = None) -> None:
        """Give a client the frames it missed when they are still known, else a snapshot."""
        self.clients[client] = None
        if resume is None or not self._remembers(resume):
            client.tell(self.snapshot(), self, self.number)
            return
        for number, text in self._memory:
            if number > resume:
                client.tell(text, self, number)

    def _remembers(self, number: int) -> bool:
        """Whether every frame after ``number`` is still in the memory."""
        oldest = self._memory[0][0] if self._memory else self.number + 1
        return oldest - 1 <= number <= self.number

    def leave(self, client: Client) -> None:
        """Send no more to a client."""
        self.clients.pop(client, None)
        client.forget(self)

    def catch_up(self, client: Client, first: int) -> list[str]:
        """What was skipped, and the state of now."""
        skipped = {"type": "skipped", "layer": self.layer, "from": first, "to": self.number}
        return [orjson.dumps(skipped).decode(), self.snapshot()] if client in self.clients else []

    def snapshot(self) -> str:
        """Every feature's newest reading; what changed since the last frame comes again with the next."""
        return self._message("snapshot", [(feature, *reading) for feature, reading in self.values.items()])

    def newest(self) -> int | None:
        """The time of the newest reading, in unix milliseconds."""
        return max((reading[0] for reading in self.values.values()), default=None)

    def _message(self, kind: str, rows: list[Any]) -> str:
        at = int(time.time() * 1000)
        body = {"type": kind, "layer": self.layer, "n": self.number, "at": at, "values": rows}
        return orjson.dumps(body).decode()
