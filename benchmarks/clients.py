"""HTTP clients that cost as little as Python allows, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvloop

from cityplatform.local.ports import HOST

CREATED = 201
THREADS = 8


def batches_post(port: int, key: str, bodies: Sequence[bytes]) -> float:
    """Seconds for all bodies over eight kept connections; every one must be acknowledged."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for worker in range(THREADS):
            pool.submit(_batches, port, key, bodies[worker::THREADS])
    return time.perf_counter() - begin


def _batches(port: int, key: str, bodies: Iterable[bytes]) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", "/v1/observations", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != CREATED:
            raise RuntimeError(text)
    connection.close()


class _Single(asyncio.Protocol):
    """One connection that sends the next reading as soon as the last was acknowledged."""

    def __init__(
        self, request: Callable[[], bytes], done: Callable[[bool], bool], waits: list[float]
    ) -> None:
        self._request, self._done, self._waits = request, done, waits
        self._answer, self._sent = b"", 0.0

    def connection_made(self, transport: Any) -> None:
        """Send the first."""
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request())

    def data_received(self, data: bytes) -> None:
        """Count an answer; all of them are short JSON objects."""
        self._answer += data
        if not self._answer.endswith(b"}"):
            return
        good = self._answer.startswith(b"HTTP/1.1 201")
        self._answer = b""
        self._waits.append(time.perf_counter() - self._sent)
        if self._done(good):
            self._send()
        else:
            self._transport.close()


def singles_rate(
    port: int, key: str, bodies: Iterable[bytes], *, connections: int, seconds: float
) -> tuple[float, int, list[float]]:
    """Acknowledged readings a second over kept connections, how many were refused, and how long each took."""
    return uvloop.run(_singles(port, key, iter(bodies), connections, seconds))


async def _singles(
    port: int, key: str, bodies: Iterable[bytes], connections: int, seconds: float
) -> tuple[float, int, list[float]]:
    source, counts, waits = iter(bodies), {True: 0, False: 0}, list[float]()
    begin = time.perf_counter()

    def request() -> bytes:
        body = next(source)
        head = (
            f"POST /v1/observations HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def done(good: bool) -> bool:  # noqa: FBT001  a callback
        counts[good] += 1
        return time.perf_counter() - begin < seconds

    loop = asyncio.get_running_loop()
    for _each in range(connections):
        await loop.create_connection(lambda: _Single(request, done, waits), HOST, port)
    await asyncio.sleep(seconds + 0.5)
    return counts[True] / seconds, counts[False], waits
