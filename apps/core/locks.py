"""Advisory locks of the database: one register of their numbers, and the two ways to hold one.

The server frees a lock when its transaction or its connection ends, so that no dead worker keeps one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum, unique

from django.db import InterfaceError, OperationalError, connection

UNTIL_COMMIT = "SELECT pg_advisory_xact_lock(%s)"


@unique
class Lock(IntEnum):
    """What only one process does at a time; those with a key, one process for each key."""

    ALARMS = 0x4350414C  # looks at new readings
    BACKUP = 0x42434B50  # backups and drills
    COUNTS = 0x43504143  # answers to one recipient about one table are compared one after another
    FORECAST_MONTHS = 0x43505046
    FORECASTS = 0x465243  # what one worker has issued, the next one sees
    KEY_ROTATION = 0x4B455953
    LAKE = 0x4C414B45  # exports
    OBSERVATION_MONTHS = 0x43505054
    PLAN_VERSIONS = 0x43505056  # plans are numbered and published one after another
    PULL = 0x50554C  # by source
    RECIPE = 0x524547  # by recipe: its versions are numbered and promoted one after another
    ROLLUPS = 0x4350524C
    SEAL = 0x43504155  # the chain of the access log


def _call(function: str, lock: int, key: int | str | None) -> bool:
    second = "" if key is None else ", hashtext(%s)" if isinstance(key, str) else ", %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s{second})", [int(lock), *([] if key is None else [key])])
        return bool(cursor.fetchone()[0])


def lock_wait(lock: Lock, key: int | str | None = None) -> None:
    """Wait until the lock is free and hold it until the transaction ends."""
    _call("pg_advisory_xact_lock", lock, key)


def lock_try(lock: int, key: int | str | None = None) -> bool:
    """Hold the lock until the transaction ends, unless somebody else holds it; whether it is ours."""
    return _call("pg_try_advisory_xact_lock", lock, key)


@contextmanager
def locked(lock: int, key: int | str | None = None, *, wait: bool = False) -> Iterator[bool]:
    """Hold the lock inside, over several transactions; whether it is ours, at once or after waiting.

    A connection that is lost inside holds no lock any more, and there is nothing to free.
    """
    is_ours = True
    if wait:
        _call("pg_advisory_lock", lock, key)
    else:
        is_ours = _call("pg_try_advisory_lock", lock, key)
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(OperationalError, InterfaceError):
                _call("pg_advisory_unlock", lock, key)
