"""Devices that post readings without pause and remember which of them the gateway has acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

FIRST_MS = 1_790_000_000_000  # September 2026
CREATED = 201
ROWS = 20  # of a columnar body


@dataclass
class Device(threading.Thread):
    """One device with streams of its own; every other body is a single reading."""

    ports: tuple[int, ...]
    key: str
    streams: list[str]
    log: list[tuple[str, int, float]] = field(default_factory=list)  # stream, unix ms, result: acknowledged
    answers: dict[int, int] = field(default_factory=dict)  # HTTP status (0: no answer) -> how often
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Post; what was not acknowledged is posted again, to the next gateway in turn."""
        turn, tick = 0, count()
        while not self.ended.is_set():
            rows = self._rows(next(tick))
            status = 0
            while status != CREATED and not self.ended.is_set():
                status = post(self.ports[turn % len(self.ports)], self.key, body_of(rows))[0]
                self.answers[status] = self.answers.get(status, 0) + 1
                if status == CREATED:
                    self.log += rows
                else:
                    turn += 1
                    time.sleep(0.05)

    def _rows(self, tick: int) -> list[tuple[str, int, float]]:
        size = 1 if tick % 2 else ROWS
        start = FIRST_MS + tick * ROWS * 1000
        stream = self.streams[tick % len(self.streams)]
        return [(stream, start + row * 1000, 400.0 + (tick * ROWS + row) % 1000) for row in range(size)]


def body_of(rows: list[tuple[str, int, float]]) -> bytes:
    """Columns of these rows; one reading as an object."""
    columns = dict(zip(("datastream", "phenomenonTime", "result"), zip(*rows, strict=True), strict=True))
    if len(rows) == 1:
        columns = {name: cells[0] for name, cells in columns.items()}
    return json.dumps(columns).encode()


def post(port: int, key: str, body: bytes, *, seconds: float = 10) -> tuple[int, dict[str, Any]]:
    """Status and answer of one body; ``(0, {})`` when the connection broke, which says nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/v1/observations", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()
