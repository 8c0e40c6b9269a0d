"""What one policy class sees of one layer: latest values, numbered frames, a short memory for resuming."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson

from apps.live.hub.client import Client

MEMORY = 120  # frames that a client may have missed and still resume
Reading = tuple[int, float | None, int]  # unix milliseconds, value, quality


@dataclass
class Feed:
    """Latest wins: between two frames a feature keeps its newest reading only."""

    layer: str
    prefix: str  # division codes that begin so are in the feed; "" is all
    values: dict[int, Reading] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    number: int = 0
    clients: dict[Client, None] = field(default_factory=dict)
    _memory: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=MEMORY))

    def take(self, feature: int, reading: Reading) -> None:
        """A reading of a feature; an older one than the one that is known is not shown."""
        known = self.values.get(feature)
        if known is None or reading[0] >= known[0]:
            self.values[feature] = reading
            self.changed.add(feature)

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
            client.offer(text)

    def join(self, client: Client, *, resume: int | None = None) -> None:
        """Give a client the frames it missed when they are still known, else a snapshot."""
        self.clients[client] = None
        missed = [text for number, text in self._memory if resume is not None and number > resume]
        known = resume is not None and self._memory and self._memory[0][0] <= resume + 1 <= self.number + 1
        if not known:
            client.tell(self.snapshot())
            return
        for text in missed:
            client.tell(text)

    def restart(self, client: Client, *, since: int) -> None:
        """Tell a client that was cut what it missed, and the state of now."""
        skipped = {"type": "skipped", "layer": self.layer, "from": since, "to": self.number}
        client.tell(orjson.dumps(skipped).decode())
        client.tell(self.snapshot())

    def leave(self, client: Client) -> None:
        """Send no more to a client."""
        self.clients.pop(client, None)

    def snapshot(self) -> str:
        """Every feature's newest reading."""
        return self._message("snapshot", [(feature, *reading) for feature, reading in self.values.items()])

    def newest(self) -> int | None:
        """The time of the newest reading, in unix milliseconds."""
        return max((reading[0] for reading in self.values.values()), default=None)

    def _message(self, kind: str, rows: list[Any]) -> str:
        at = int(time.time() * 1000)
        body = {"type": kind, "layer": self.layer, "n": self.number, "at": at, "values": rows}
        return orjson.dumps(body).decode()
