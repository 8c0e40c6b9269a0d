"""Group commit: while one transaction is under way, what arrives waits and goes with the next one.

One writer thread per process holds one database connection; every caller gets its answer after the commit
that holds its rows. A lost connection is opened again and the group written again: replay changes nothing.
A row that the database refuses goes to quarantine, and the others of its group are stored.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
import structlog
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import ProblemError
from apps.sensing.data import Door, Stored
from apps.sensing.ingest.decoding import Decoded
from apps.sensing.ingest.groups import Part, parts_write
from apps.sensing.ingest.streams import KnownStreams

GROUP_ROWS = 50_000
PENDING_ROWS = 500_000
TRIES = 4
log = structlog.get_logger("gateway")


@dataclass
class Waiting:
    """One caller's rows and the future that tells them."""

    part: Part
    done: asyncio.Future[Stored] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def weight(self) -> int:
        """Rows and faults, at least one."""
        return len(self.part) + 1


class Committer:
    """Writes what callers submit, in groups."""

    def __init__(self, *, dsn: str, known: KnownStreams) -> None:
        self._dsn, self._known = dsn, known
        self._queue: list[Waiting] = []
        self._pending = 0
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._connection: psycopg.Connection[Any] | None = None
        self._loop = asyncio.get_running_loop().create_task(self._run())

    async def submit(self, decoded: Decoded, *, domain: str, door: Door) -> Stored:
        """What became of the rows, after their commit; ProblemError 503 when too much waits already."""
        waiting = Waiting(Part(decoded, domain, door))
        if self._pending + waiting.weight > PENDING_ROWS:
            raise ProblemError(_("Too many readings wait; try again in a second."), status=503, code="busy")
        self._queue.append(waiting)
        self._pending += waiting.weight
        self._wake.set()
        # A caller who hangs up must not cancel the commit of the others.
        return await asyncio.shield(waiting.done)

    async def refresh(self, *, unknown: bool = False) -> None:
        """Read the datastreams again when they are old, or when a key was not found."""
        if self._known.is_stale(unknown=unknown):
            await self._in_thread(partial(self._load, unknown=unknown))

    async def close(self) -> None:
        """Finish what waits, then stop."""
        while self._pending:
            await asyncio.sleep(0.01)
        self._loop.cancel()
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            group = self._next_group()
            if not group:
                self._wake.clear()
                continue
            await self._commit(group)

    def _next_group(self) -> list[Waiting]:
        size, count = 0, 0
        for waiting in self._queue:
            size, count = size + waiting.weight, count + 1
            if size >= GROUP_ROWS:
                break
        group, self._queue = self._queue[:count], self._queue[count:]
        return group

    async def _commit(self, group: list[Waiting]) -> None:
        try:
            answers = await self._in_thread(self._write_surely, group)
        except Exception as error:  # noqa: BLE001  whatever happened, the callers must hear of it and the loop go on
            log.warning("group_lost", kind=type(error).__name__, callers=len(group))
            detail = gettext_lazy("The database cannot be reached; send again.")
            answers = [ProblemError(detail, status=503, code="database") for _waiting in group]
        for waiting, answer in zip(group, answers, strict=True):
            self._pending -= waiting.weight
            if waiting.done.cancelled():
                continue
            if isinstance(answer, Exception):
                waiting.done.set_exception(answer)
            else:
                waiting.done.set_result(answer)

    def _write_surely(self, group: list[Waiting]) -> list[Stored]:
        """Write a group; a lost connection is tried again, which is safe because replay changes nothing."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._write(group)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                self._connection = None
                if attempt == TRIES:
                    raise
                time.sleep(0.2 * attempt)
        raise AssertionError

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._dsn, connect_timeout=2)
        return self._connection

    def _load(self, *, unknown: bool) -> None:
        if not self._known.is_stale(unknown=unknown):
            return  # another caller has asked for it a moment ago
        with self._open().transaction(), self._open().cursor() as cursor:
            self._known.load(cursor)

    def _write(self, group: list[Waiting]) -> list[Stored]:
        return parts_write(self._open(), [waiting.part for waiting in group], self._known)
