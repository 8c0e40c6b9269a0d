"""Advisory locks: one holder at a time, freed at the end and with the connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from apps.core.locks import Lock, lock_try, lock_wait, locked
from tests.clusters import database_url

APPS = Path(settings.BASE_DIR) / "apps"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """Another process on the same database."""
    with psycopg.connect(database_url(connection.settings_dict["NAME"]), autocommit=True) as opened:
        yield opened


@pytest.mark.parametrize(("key", "column"), [(None, "%s"), (7, "%s, 7"), ("a", "%s, hashtext('a')")])
def test_a_lock_has_one_holder(other: psycopg.Connection, key: int | str | None, column: str) -> None:
    hold = f"SELECT pg_advisory_lock({column})".encode()
    other.execute(hold, [int(Lock.PULL)])
    with locked(Lock.PULL, key) as is_ours:
        assert not is_ours
    with transaction.atomic():
        assert not lock_try(Lock.PULL, key)
    with locked(Lock.PULL, 8) as is_ours:
        assert is_ours
    other.close()
    with locked(Lock.PULL, key, wait=True) as is_ours:
        assert is_ours


def test_a_lock_is_free_after_it_and_after_a_fault_inside(other: psycopg.Connection) -> None:
    with pytest.raises(KeyError), locked(Lock.LAKE):
        raise KeyError
    with transaction.atomic():
        lock_wait(Lock.SEAL)
    for lock in (Lock.LAKE, Lock.SEAL):
        (row,) = other.execute("SELECT pg_try_advisory_lock(%s)", [int(lock)]).fetchall()
        assert row == (True,)


def test_every_lock_stands_in_the_register() -> None:
    users = {str(path.relative_to(APPS)) for path in APPS.rglob("*.py") if "pg_advisory" in path.read_text()}
    assert {name for name in users if "migrations" not in name} <= {"core/locks.py"}
