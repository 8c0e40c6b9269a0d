"""Readings that wait, in SQLite: a batch counts as taken when its commit is on the disk.

WAL with ``synchronous=FULL``: a committed batch survives kill -9 and a power failure. The position in the
source and the open windows are part of the same commit, so that nothing is taken twice or half.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.sensing.edge.lines import Unreadable
from apps.sensing.edge.packing import Waiting, waiting_pack, waiting_unpack

SCHEMA = """
    CREATE TABLE IF NOT EXISTS stream (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS batch (id INTEGER PRIMARY KEY AUTOINCREMENT, rows INTEGER NOT NULL,
        taken_at REAL NOT NULL, level INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS refused (id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
        rows INTEGER NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS unreadable (id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
        line TEXT NOT NULL, reason TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
PRAGMAS = """
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4096; PRAGMA mmap_size=0;
    PRAGMA wal_autocheckpoint=250; PRAGMA journal_size_limit=4194304; PRAGMA temp_store=MEMORY;
"""
OLDEST = "SELECT id, level, body FROM batch WHERE id > ? AND (? IS NULL OR level = ?) ORDER BY id"
TRIM_UNREADABLE = "DELETE FROM unreadable WHERE id <= (SELECT max(id) FROM unreadable) - ?"
TRIM_REFUSED = "DELETE FROM refused WHERE id <= (SELECT max(id) FROM refused) - ?"
UNREADABLE_KEPT, REFUSED_KEPT = 1000, 100
MEGABYTE = 1 << 20


class FullError(Exception):
    """There is no room for what was to be stored; nothing of it was."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored batch: its id, how often it was thinned, and its readings."""

    id: int
    level: int
    waiting: Waiting


class Store:
    """One file, one process; every method may be called from any thread."""

    def __init__(self, path: Path, *, most_bytes: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.lock, self.in_flight = path, threading.RLock(), 0
        self._own = _locked(path)
        self._connection = _opened(path)
        self._most_bytes = 0
        self.limit(most_bytes)
        self.backlog = self._number("SELECT coalesce(sum(rows), 0) FROM batch")

    def streams(self) -> list[str]:
        """The known keys in the order of their numbers."""
        with self.lock:
            return [row[0] for row in self._connection.execute("SELECT key FROM stream ORDER BY number")]

    def state(self, name: str) -> bytes:
        """What was kept under a name; empty when nothing was."""
        with self.lock:
            row = self._connection.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return bytes(row[0]) if row else b""

    def take(
        self,
        waiting: Waiting,
        *,
        streams: Sequence[tuple[int, str]] = (),
        states: Mapping[str, bytes],
        unreadable: Sequence[Unreadable] = (),
    ) -> None:
        """Keep a batch with all that belongs to it; FullError when there is no room."""
        now = time.time()
        with self._writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO stream VALUES (?, ?)", streams)
            if len(waiting):
                connection.execute(
                    "INSERT INTO batch (rows, taken_at, body) VALUES (?, ?, ?)",
                    [len(waiting), now, waiting_pack(waiting)],
                )
            connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", states.items())
            rows = [(now, item.line, item.reason) for item in unreadable[-UNREADABLE_KEPT:]]
            connection.executemany("INSERT INTO unreadable (at, line, reason) VALUES (?, ?, ?)", rows)
            if rows:
                connection.execute(TRIM_UNREADABLE, [UNREADABLE_KEPT])
        self.backlog += len(waiting)

    def oldest(self, *, rows: int, after: int = 0, level: int | None = None) -> list[Entry]:
        """The oldest batches, up to ``rows`` readings but at least one batch."""
        found: list[Entry] = []
        total = 0
        with self.lock:
            cursor = self._connection.execute(OLDEST, [after, level, level])
            for number, depth, body in cursor:
                entry = Entry(number, depth, waiting_unpack(body))
                total += len(entry.waiting)
                if found and total > rows:
                    break
                found.append(entry)
            cursor.close()
        return found

    def lease(self, *, rows: int) -> list[Entry]:
        """The oldest batches, which nobody may change until ``release``."""
        with self.lock:
            entries = self.oldest(rows=rows)
            self.in_flight = entries[-1].id if entries else 0
            return entries

    def release(self) -> None:
        """The leased batches may be changed again."""
        with self.lock:
            self.in_flight = 0

    def forwarded(self, entries: Sequence[Entry], *, reason: str = "") -> None:
        """Forget batches that the gateway has taken; with a reason they were refused and are set aside."""
        with self._writing() as connection:
            if reason:
                rows = [
                    (time.time(), len(each.waiting), reason, waiting_pack(each.waiting)) for each in entries
                ]
                connection.executemany(
                    "INSERT INTO refused (at, rows, reason, body) VALUES (?, ?, ?, ?)", rows
                )
                connection.execute(TRIM_REFUSED, [REFUSED_KEPT])
            connection.executemany("DELETE FROM batch WHERE id = ?", [[entry.id] for entry in entries])
        self.backlog -= sum(len(entry.waiting) for entry in entries)

    def replace(self, entries: Sequence[Entry], waiting: Waiting) -> None:
        """Put fewer readings in the place of some batches: the first keeps its id, the others go."""
        first, level = entries[0].id, max(entry.level for entry in entries) + 1
        with self._writing() as connection:
            connection.executemany("DELETE FROM batch WHERE id = ?", [[entry.id] for entry in entries[1:]])
            connection.execute(
                "UPDATE batch SET rows = ?, level = ?, body = ? WHERE id = ?",
                [len(waiting), level, waiting_pack(waiting), first],
            )
        self.backlog += len(waiting) - sum(len(entry.waiting) for entry in entries)

    def lowest_level(self) -> int | None:
        """How often the batches that were thinned least were thinned; None when none may be touched."""
        with self.lock:
            row = self._connection.execute("SELECT min(level) FROM batch WHERE id > ?", [self.in_flight])
            found: int | None = row.fetchone()[0]
        return found

    def oldest_age(self) -> float:
        """Seconds since the oldest waiting batch was taken; 0 when none waits."""
        with self.lock:
            row = self._connection.execute("SELECT taken_at FROM batch ORDER BY id LIMIT 1").fetchone()
        return max(0.0, time.time() - row[0]) if row else 0.0

    def used_bytes(self) -> int:
        """Bytes of the pages in use."""
        with self.lock:
            pages = self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")
            return pages * self._number("PRAGMA page_size")

    def limit(self, most_bytes: int | None = None) -> None:
        """Let the file grow to ``most_bytes``; without a number, not at all beyond what it has."""
        with self.lock:
            page = self._number("PRAGMA page_size")
            pages = self._number("PRAGMA page_count") if most_bytes is None else max(64, most_bytes // page)
            self._connection.execute(f"PRAGMA max_page_count={pages:d}")
            self._most_bytes = pages * page

    def room(self) -> tuple[int, int]:
        """Bytes that may still be used, and how many of them the file holds already."""
        with self.lock:
            free = self._number("PRAGMA freelist_count") * self._number("PRAGMA page_size")
        return self._most_bytes - self.used_bytes(), free

    def close(self) -> None:
        """Close the file and give up the lock."""
        with self.lock:
            self._connection.close()
            os.close(self._own)

    def _number(self, query: str) -> int:
        return int(self._connection.execute(query).fetchone()[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; FullError when the disk or the permitted room is full."""
        with self.lock:
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    yield self._connection
            except sqlite3.OperationalError as error:
                raise FullError(str(error)) from error


def _locked(path: Path) -> int:
    """The lock of the store; BlockingIOError when another agent has it."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _opened(path: Path) -> sqlite3.Connection:
    """The store; a file that is damaged beyond reading is set aside and a new one begun."""
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        path.rename(path.with_name(f"{path.name}.damaged-{int(time.time())}"))
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    try:
        for statement in (PRAGMAS + SCHEMA).split(";"):
            connection.execute(statement)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
