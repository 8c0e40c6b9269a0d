"""One websocket as the hub sees it: a bounded queue and a sender."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

SendText = Callable[[str], Awaitable[None]]


class Client:
    """Frames wait here while the network is slow; beyond ``limit`` they go and ``on_cut`` is told."""

    def __init__(self, *, send: SendText, limit: int, on_cut: Callable[[], None]) -> None:
        self._send, self._limit, self._on_cut = send, limit, on_cut
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def offer(self, text: str) -> None:
        """Queue a message; a client that lags too far loses what waits and starts again from the newest."""
        if len(self._waiting) >= self._limit:
            self._waiting.clear()
            self._on_cut()
            return
        self._waiting.append(text)
        self._wake.set()

    def tell(self, text: str) -> None:
        """Queue a message that is never dropped for lack of room: a snapshot, a refusal."""
        self._waiting.append(text)
        self._wake.set()

    async def drain(self) -> None:
        """Wait until everything queued has been handed to the network."""
        while self._waiting:
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """Stop sending."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._send(self._waiting.popleft())
