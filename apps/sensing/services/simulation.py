"""Simulated devices: they know nothing but the gateway's address and their key, like any device.

A domain names its simulator by dotted path: a class without arguments with
``readings(now) -> {"datastream": [...], "phenomenonTime": [ms, ...], "result": [...]}`` (what fell due since
the last call) and ``backfill(days=..., until=...) -> int`` (store the past, return how many were new).
"""

from __future__ import annotations

import http.client
import json
from collections import deque
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog

BUFFER_BATCHES = 3600  # an hour of seconds; beyond that the oldest are dropped, and said so
CREATED = 201
log = structlog.get_logger("simulator")


class Simulator(Protocol):
    """What a domain's simulator offers."""

    def readings(self, now: datetime) -> dict[str, list[Any]]:
        """The readings that fell due since the last call, as columns."""

    def backfill(self, *, days: int, until: datetime | None = None) -> int:
        """Store ``days`` up to ``until`` (now when left out); returns how many readings were new."""


class Sender:
    """Posts batches in order and keeps them while the gateway is away: store and forward."""

    def __init__(self, *, url: str, key: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._waiting: deque[bytes] = deque(maxlen=BUFFER_BATCHES)
        self._connection: http.client.HTTPConnection | None = None

    def send(self, columns: dict[str, list[Any]]) -> int:
        """Add a batch and send all that wait; returns how many batches are still waiting."""
        if columns["result"]:
            self._waiting.append(json.dumps(columns).encode())
        while self._waiting and self._post(self._waiting[0]):
            self._waiting.popleft()
        return len(self._waiting)

    def _post(self, body: bytes) -> bool:
        """Whether the gateway has taken the body; a connection that it closed while idle is opened again."""
        fresh = self._connection is None
        try:
            status = self._exchange(body)
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            if not fresh:
                return self._post(body)
            log.warning("gateway_away", kind=type(error).__name__, waiting=len(self._waiting))
            return False
        if status != CREATED:
            log.warning("gateway_refused", status=status, waiting=len(self._waiting))
        return status == CREATED

    def _exchange(self, body: bytes) -> int:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._address, timeout=10)
        self._connection.request("POST", "/v1/observations", body, self._headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status
