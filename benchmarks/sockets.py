"""Websocket clients that cost next to nothing: they note when which frame came and keep one copy of each."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import time
from collections.abc import Mapping
from typing import Any

from cityplatform.local.ports import HOST

NUMBER = re.compile(rb'"n":(\d+)')
HEADER, SHORT, MIDDLE = 2, 126, 127
OPENING = 50  # handshakes at a time
TEXT, MASKED, NO_MASK = 0x81, 0x80, bytes(4)


class Socket(asyncio.Protocol):
    """One client: ``arrivals`` maps frame numbers to unix seconds."""

    def __init__(self, hello: bytes, first: bytes, frames: dict[int, bytes]) -> None:
        self.arrivals: dict[int, float] = {}
        self.ready = asyncio.get_running_loop().create_future()
        self._hello, self._first, self._frames = hello, first, frames
        self._buffer = bytearray()

    def connection_made(self, transport: Any) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        """The answer to the upgrade, then messages."""
        self._buffer += data
        if not self.ready.done():
            head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.ready.set_exception(ConnectionError(head.decode()))
                return
            self._buffer = bytearray(rest)
            self.ready.set_result(None)
            if self._first:
                self.transport.write(bytes([TEXT, MASKED | len(self._first)]) + NO_MASK + self._first)
        while (payload := self._message()) is not None:
            self._note(payload)

    def _message(self) -> bytes | None:
        """The next whole message of the buffer."""
        buffer = self._buffer
        if len(buffer) < HEADER:
            return None
        start, size = HEADER, buffer[1]
        if size == SHORT:
            start, size = 4, int.from_bytes(buffer[2:4])
        elif size == MIDDLE:
            start, size = 10, int.from_bytes(buffer[2:10])
        if len(buffer) < start + size:
            return None
        payload = bytes(buffer[start : start + size])
        del buffer[: start + size]
        return payload

    def _note(self, payload: bytes) -> None:
        if payload.startswith(b'{"type":"frame"'):
            number = int(NUMBER.findall(payload[:120])[0])
            self.arrivals[number] = time.time()
            self._frames.setdefault(number, payload)


async def sockets_open(
    port: int, path: str, *, count: int, headers: Mapping[str, str], first: str, frames: dict[int, bytes]
) -> list[Socket]:
    """``count`` open clients that have said ``first``."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Origin: http://{HOST}:{port}", "Sec-WebSocket-Version: 13"]
    lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    hello = ("\r\n".join(lines) + "\r\n\r\n").encode()
    loop, sockets = asyncio.get_running_loop(), list[Socket]()
    for start in range(0, count, OPENING):
        some = [
            (await loop.create_connection(lambda: Socket(hello, first.encode(), frames), HOST, port))[1]
            for _each in range(min(OPENING, count - start))
        ]
        await asyncio.wait_for(asyncio.gather(*(socket.ready for socket in some)), 60)
        sockets += some
    return sockets
