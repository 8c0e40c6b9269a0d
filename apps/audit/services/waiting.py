"""Entries of answers that cost less than an INSERT: written together by a thread, a moment later.

A tile from the cache takes a millisecond and shows no person; its entry may wait a fifth of a second. When
the database cannot be reached they are tried again; a process that is killed loses those of that moment.
"""

from __future__ import annotations

import atexit
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

import structlog
from django.db import DatabaseError, connection

from apps.audit.data import Act
from apps.audit.models import AccessEntry
from apps.audit.services.reading import INSERT_QUICK
from apps.audit.services.recording import entry_of, values_of

PAUSE_SECONDS = 0.2
MOST = 2000
log = structlog.get_logger("audit")


class Waiting:
    """Entries that wait, and the thread that writes them."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[AccessEntry] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, entry: AccessEntry) -> None:
        """Hand over one entry."""
        self._queue.put(entry)
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                    self._thread.start()
                    atexit.register(self.flush)

    def flush(self) -> int:
        """Write everything that waits now; returns how many."""
        entries = list[AccessEntry]()
        with suppress(Empty):
            while len(entries) < MOST:
                entries.append(self._queue.get_nowait())
        if entries:
            self._write(entries)
        return len(entries)

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            while self.flush() == MOST:
                continue
            connection.close()

    def _write(self, entries: list[AccessEntry]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.executemany(INSERT_QUICK, [values_of(entry) for entry in entries])
        except DatabaseError as error:
            log.warning("access_log_waits", entries=len(entries), kind=type(error).__name__)
            for entry in entries:
                self._queue.put(entry)


WAITING = Waiting()


def read_record_soon(act: Act, *, request_id: str) -> None:
    """Add one entry within a moment."""
    entry = entry_of(act)
    entry.request_id = request_id
    WAITING.put(entry)
