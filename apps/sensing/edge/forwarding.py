"""Waiting readings to the gateway, in order; they are forgotten after its 201 and not before."""

from __future__ import annotations

import gzip
import http.client
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from random import SystemRandom
from urllib.parse import urlsplit

import msgspec
import numpy as np

from apps.sensing.edge.config import GatewayConfig
from apps.sensing.edge.sampling import joined
from apps.sensing.edge.status import Status
from apps.sensing.edge.store import Entry, FullError, Store

IDLE_SECONDS = 0.1
FIRST_PAUSE = 0.5
FEWEST_ROWS = 100
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY}
DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
LOST = (OSError, http.client.HTTPException)


@dataclass
class Gateway:
    """One connection to the gateway, opened again when it is lost."""

    config: GatewayConfig
    _connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and answer; (0, reason) when there was none."""
        headers = {"Authorization": f"Bearer {self.config.key()}", "Content-Type": "application/json"}
        if self.config.gzip:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        for _attempt in range(2):  # the gateway may have closed an idle connection
            was_open = self._connection is not None
            try:
                return self._exchange(body, headers)
            except LOST as error:
                self.close()
                if not was_open or isinstance(error, TimeoutError):
                    return 0, f"{type(error).__name__}: {error}".encode()
        return 0, b"the gateway closed the connection"

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = self._open()
        path = urlsplit(self.config.url).path.rstrip("/") + "/v1/observations"
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read(1 << 20)

    def _open(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.config.url)
        host, seconds = parts.hostname or "127.0.0.1", self.config.timeout
        if parts.scheme != "https":
            return http.client.HTTPConnection(host, parts.port or 80, timeout=seconds)
        trust = ssl.create_default_context(cafile=self.config.ca_file or None)
        return http.client.HTTPSConnection(host, parts.port or 443, timeout=seconds, context=trust)


class Forwarder(threading.Thread):
    """Sends what waits until it is told to stop; waits longer after each failure."""

    def __init__(self, store: Store, config: GatewayConfig, *, keys: Sequence[str], status: Status) -> None:
        super().__init__(name="forwarder", daemon=True)
        self._store, self._keys, self._status = store, keys, status
        self._gateway, self._config = Gateway(config), config
        self._rows, self._pause = config.rows, FIRST_PAUSE
        self._stop_wished = threading.Event()

    def run(self) -> None:
        """Send until stopped."""
        while not self._stop_wished.is_set():
            self._stop_wished.wait(self.send_some())
        self._gateway.close()

    def stop(self) -> None:
        """End after the body that is on its way."""
        self._stop_wished.set()
        self.join(self._config.timeout + 1)

    def send_some(self) -> float:
        """Send the oldest batches; returns the seconds to wait before the next ones."""
        entries = self._store.lease(rows=self._rows)
        if not entries:
            return IDLE_SECONDS
        try:
            return self._settle(entries, *self._gateway.post(self._body(entries)))
        except FullError as error:  # the gateway has them; they will be sent again, which changes nothing
            return self._failed("full", str(error))
        finally:
            self._store.release()

    def _settle(self, entries: Sequence[Entry], status: int, answer: bytes) -> float:
        if status == HTTPStatus.CREATED:
            self._store.forwarded(entries)
            self._status.hear(answer)
            self._rows, self._pause = self._config.rows, FIRST_PAUSE
            return 0.0
        reason = f"{status} {answer[:200].decode('utf-8', 'replace')}"
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and self._rows > FEWEST_ROWS:
            self._rows //= 2
            return 0.0
        if status in REFUSED or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            self._store.forwarded(entries, reason=reason)
            self._status.refused += sum(len(entry.waiting) for entry in entries)
            return 0.0
        return self._failed("denied" if status in DENIED else "line down", reason)

    def _failed(self, line: str, reason: str) -> float:
        self._status.line, self._status.error = line, reason
        pause = self._pause * SystemRandom().uniform(0.8, 1.2)
        self._pause = min(self._pause * 2, self._config.longest_pause)
        return pause

    def _body(self, entries: Sequence[Entry]) -> bytes:
        """The readings as columns; times as unix milliseconds, as text where they are finer."""
        batch = joined(*(entry.waiting.batch for entry in entries))
        if (batch.times % 1000).any():
            times = [f"{text}Z" for text in np.datetime_as_string(batch.times.view("M8[us]"))]
        else:
            times = (batch.times // 1000).tolist()
        columns = {
            "datastream": [self._keys[stream] for stream in batch.streams.tolist()],
            "phenomenonTime": times,
            "result": batch.results.tolist(),
        }
        return msgspec.json.encode(columns)
