"""One websocket as the hub sees it: a bounded queue and a sender."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

SendText = Callable[[str], Awaitable[None]]
MOST_TOLD = 200  # answers that may wait for a client that asks and does not read


class Source(Protocol):
    """Something that numbers its messages and can say where it stands now."""

    def catch_up(self, client: Client, first: int) -> list[str]:
        """What a client needs that lost every message from number ``first`` on."""


class Client:
    """Frames wait here while the network is slow; beyond ``limit`` they go and the client is caught up.

    What it is caught up with is made when the network takes messages again, so it is the newest then, and a
    client that never reads costs no work and no memory.
    """

    def __init__(self, *, send: SendText, limit: int, language: str = "") -> None:
        self.language = language  # in which it is told of jobs
        self._send, self._limit = send, limit
        self._waiting: deque[tuple[Source | None, int, str]] = deque()
        self._behind: dict[Source, int] = {}  # source -> number of the first message lost
        self._wake, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def is_flooded(self) -> bool:
        """Whether more answers wait than an honest client leaves unread."""
        return len(self._waiting) > MOST_TOLD

    def offer(self, text: str, source: Source, number: int) -> None:
        """Queue a numbered message of ``source``, or cut the client when too many wait."""
        if source in self._behind:
            return
        if len(self._waiting) >= self._limit:
            self._cut(source, number)
        else:
            self.tell(text, source, number)

    def hint(self, text: str) -> None:
        """Queue a message that a busy client can do without."""
        if not self._waiting and not self._behind:
            self.tell(text)

    def tell(self, text: str, source: Source | None = None, number: int = 0) -> None:
        """Queue a message however many wait: a snapshot, a refusal."""
        self._waiting.append((source, number, text))
        self._rouse()

    def forget(self, source: Source) -> None:
        """Drop what still waits of a source that the client has left."""
        self._behind.pop(source, None)
        self._waiting = deque(item for item in self._waiting if item[0] is not source)

    async def drain(self) -> None:
        """Wait until everything queued has been handed to the network."""
        await self._idle.wait()

    def close(self) -> None:
        """Stop sending."""
        self._task.cancel()

    def _cut(self, source: Source, number: int) -> None:
        for other, lost, _text in self._waiting:
            if other is not None:
                self._behind.setdefault(other, lost)
        self._behind.setdefault(source, number)
        self._waiting = deque(item for item in self._waiting if item[0] is None)
        self._rouse()

    def _rouse(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _run(self) -> None:
        with suppress(OSError):  # the browser went away; disconnect follows
            while True:
                await self._wake.wait()
                self._wake.clear()
                while text := self._next():
                    await self._send(text)
                self._idle.set()

    def _next(self) -> str:
        """The next text to send; an empty one when there is nothing."""
        if not self._waiting and self._behind:
            source, first = self._behind.popitem()
            self._waiting.extend((None, 0, text) for text in source.catch_up(self, first))
        return self._waiting.popleft()[2] if self._waiting else ""
