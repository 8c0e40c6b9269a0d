"""Entries of answers that cost less than an INSERT: written together by a thread, a moment later.

A tile from the cache takes a millisecond and shows no person; its entry may wait a fifth of a second. What
shows people never waits here. When the database cannot be reached, entries stay in memory up to
``MOST_WAITING``; then no further answer leaves. A process that is killed loses those of that moment.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice

import structlog
from django.core.cache import cache
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from prometheus_client import Counter, Gauge
from redis.exceptions import RedisError

from apps.audit.data import Act
from apps.audit.models import AccessEntry
from apps.audit.services.reading import log_unwritable
from apps.audit.services.recording import entry_of, values_of
from apps.core.numbers import BIGGEST

PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 5.0
MOST = 2000  # entries of one transaction
MOST_WAITING = 20_000  # some 20 MB
BEHIND_SECONDS = 60.0  # entries that wait longer make /readyz red
BEHIND_KEY, BEHIND_KEPT_SECONDS = "audit:behind", 30
LOST = "lost"  # the result of an entry that the database refused: what could be said of it safely
# The ids are taken beforehand: an entry whose commit got through although its answer was lost is not
# written again.
IDS = "SELECT nextval(pg_get_serial_sequence('audit_accessentry', 'id')) FROM generate_series(1, %s)"
INSERT_ONCE = """
    INSERT INTO audit_accessentry (id, at, user_id, role, action, object_type, object_id, fields,
                                   objects_seen, purpose, rows, result, address, request_id, lasting)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
# The fault of one entry; anything else is the fault of the database, and every entry waits.
REFUSED = (DataError, IntegrityError, ValueError, TypeError, OverflowError)
WAITING_ENTRIES = Gauge("cityplatform_access_log_waiting", "Entries of the access log that wait in memory.")
OLDEST_SECONDS = Gauge("cityplatform_access_log_oldest_seconds", "Seconds that the oldest one has waited.")
LOST_ENTRIES = Counter("cityplatform_access_log_lost", "Entries that the database refused.", ["kind"])
log = structlog.get_logger("audit")


class Waiting:
    """Entries that wait, and the thread that writes them."""

    def __init__(self, *, most: int = MOST_WAITING) -> None:
        self._entries: deque[AccessEntry] = deque()
        self._most = most
        self._starting, self._flushing = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._at_exit = False

    def put(self, entry: AccessEntry) -> None:
        """Hand over one entry; 503 when so many wait that another one may never be written."""
        if len(self._entries) >= self._most:
            raise log_unwritable()
        self._entries.append(entry)
        if self._thread is None or not self._thread.is_alive():
            self._start()

    @property
    def oldest_seconds(self) -> float:
        """How long the oldest entry has waited."""
        try:
            return (timezone.now() - self._entries[0].at).total_seconds()
        except IndexError:
            return 0.0

    def flush(self) -> int:
        """Write what waits, ``MOST`` entries at most; returns how many. Those of a failure go on waiting."""
        with self._flushing:
            entries = list(islice(self._entries, MOST))
            if entries:
                _write(entries)
            for _entry in entries:
                self._entries.popleft()
        return len(entries)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()
            if not self._at_exit:
                self._at_exit = True
                atexit.register(self.flush)

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while True:
            time.sleep(pause)
            pause = PAUSE_SECONDS if self._flush_all() else min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._measure()

    def _flush_all(self) -> bool:
        """Write everything; False when the database did not take it. The connection never outlives this."""
        try:
            while self.flush() == MOST:
                continue
        except Exception as error:  # noqa: BLE001  whatever happens, this thread goes on and tries again
            log.warning("access_log_waits", entries=len(self._entries), kind=type(error).__name__)
            return False
        finally:
            connection.close()
        return True

    def _measure(self) -> None:
        seconds = self.oldest_seconds
        WAITING_ENTRIES.set(len(self._entries))
        OLDEST_SECONDS.set(seconds)
        if seconds > BEHIND_SECONDS:
            log.error("access_log_behind", entries=len(self._entries), seconds=round(seconds))
            try:
                cache.set(BEHIND_KEY, len(self._entries), BEHIND_KEPT_SECONDS)
            except RedisError as error:
                log.warning("access_log_state_unsaid", kind=type(error).__name__)


def _write(entries: Sequence[AccessEntry]) -> None:
    """All of them or, where the database refuses one, each by itself."""
    _ids_take([entry for entry in entries if entry.pk is None])
    try:
        _insert(entries)
    except REFUSED:
        for entry in entries:
            _write_one(entry)


def _write_one(entry: AccessEntry) -> None:
    kind = _refusal(entry)
    if kind:
        LOST_ENTRIES.labels(kind).inc()
        log.error("access_log_entry_lost", entry=entry.pk, kind=kind)
        _insert([_reduced(entry)])


def _refusal(entry: AccessEntry) -> str:
    """Write one entry; the kind of error where it is refused, and no more: its text would hold the values."""
    try:
        _insert([entry])
    except REFUSED as error:
        return type(error).__name__
    return ""


def _reduced(entry: AccessEntry) -> AccessEntry:
    """The entry without anything that came from outside: who, when, and that more was not written."""
    user_id = entry.user_id if 0 <= (entry.user_id or 0) <= BIGGEST else None
    return AccessEntry(
        pk=entry.pk, at=entry.at, user_id=user_id, action="read", result=LOST, lasting=entry.lasting
    )


def _ids_take(entries: Sequence[AccessEntry]) -> None:
    if entries:
        with connection.cursor() as cursor:
            cursor.execute(IDS, [len(entries)])
            for entry, (number,) in zip(entries, cursor.fetchall(), strict=True):
                entry.pk = number


def _insert(entries: Sequence[AccessEntry]) -> None:
    """In one transaction, whose commit waits for the disk only where an entry must last."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not any(entry.lasting for entry in entries):
            cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.executemany(INSERT_ONCE, [[entry.pk, *values_of(entry)] for entry in entries])


WAITING = Waiting()


def read_record_soon(act: Act, *, request_id: str) -> None:
    """Add one entry within a moment; 503 while too many wait."""
    WAITING.put(entry_of(act, request_id=request_id))


def log_state() -> str:
    """``ok``, or ``behind`` while entries of this or another process have waited for more than a minute."""
    is_behind = WAITING.oldest_seconds > BEHIND_SECONDS or cache.get(BEHIND_KEY) is not None
    return "behind" if is_behind else "ok"
