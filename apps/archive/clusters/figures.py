"""What a database holds, table by table: count, and a checksum that no order of rows changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from apps.archive.clusters.addresses import Address

Connection = psycopg.Connection[tuple[object, ...]]
ATTEMPTS = 20
LOCK_TIMEOUT = "300ms"  # below deadlock_timeout: we give way, never a writer
TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1
"""
# The access log belongs to its keeper, whose own function locks it.
LOCKABLE = TABLES.replace("ORDER BY", "AND has_table_privilege(c.oid, 'UPDATE') ORDER BY")
HOLD = "SELECT audit_hold()"
FIGURES = """
    SELECT count(*), coalesce(sum(hashtextextended(whole_row::text, 0)::numeric), 0)::text
      FROM {} AS whole_row
"""


@dataclass(frozen=True, slots=True)
class TableFigures:
    """Rows of one table, and the sum of 64-bit hashes of their texts."""

    rows: int
    checksum: str


Figures = dict[str, TableFigures]


def figures_of(connection: Connection) -> Figures:
    """The figures of every table of ours, each partition by itself."""
    return {name: _table_figures(connection, name) for name in tables_of(connection)}


def tables_of(connection: Connection) -> list[str]:
    """Every table but those that belong to an extension."""
    return [str(name) for (name,) in connection.execute(TABLES).fetchall()]


def _table_figures(connection: Connection, name: str) -> TableFigures:
    question = sql.SQL(FIGURES).format(sql.Identifier("public", name))
    rows, checksum = connection.execute(question).fetchall()[0]
    return TableFigures(int(str(rows)), str(checksum))


def figures_plain(figures: Figures) -> dict[str, list[Any]]:
    """As JSON keeps them."""
    return {name: [item.rows, item.checksum] for name, item in figures.items()}


def figures_from(plain: Mapping[str, Any]) -> Figures:
    """Back from JSON."""
    return {name: TableFigures(rows, checksum) for name, (rows, checksum) in plain.items()}


def differences(expected: Figures, found: Figures) -> list[dict[str, Any]]:
    """One entry for each table that is not the same in both."""
    return [
        {"table": name, "expected": _plain(expected.get(name)), "found": _plain(found.get(name))}
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]


def _plain(item: TableFigures | None) -> list[Any] | None:
    return None if item is None else [item.rows, item.checksum]


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment of a living database: a connection that sees it, its place in the log, a snapshot to share."""

    connection: Connection
    lsn: str
    snapshot: str


@contextmanager
def database_cut(address: Address) -> Iterator[Cut]:
    """A snapshot and the exact place in the log that belongs to it.

    Writers wait for a few milliseconds: every table is locked against writing while place and snapshot are
    taken, so no change lies between the two. Whoever cannot be waited for goes first; we try again.
    """
    with address.connect(autocommit=False) as reader, address.connect(autocommit=False) as locker:
        for attempt in range(ATTEMPTS):
            try:
                lsn, snapshot = _lock_and_read(locker)
            except psycopg.errors.LockNotAvailable:
                locker.rollback()
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            break
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        reader.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
        exported = reader.execute("SELECT pg_export_snapshot()").fetchall()[0][0]
        locker.commit()  # its snapshot ends with it; the reader's own lives on
        yield Cut(reader, lsn, str(exported))
        reader.rollback()


def _lock_and_read(locker: Connection) -> tuple[str, str]:
    locker.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    names = [str(name) for (name,) in locker.execute(LOCKABLE).fetchall()]
    listed = sql.SQL(", ").join(sql.Identifier("public", name) for name in names)
    locker.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(listed))
    locker.execute(HOLD)
    found = locker.execute("SELECT pg_current_wal_insert_lsn()::text, pg_export_snapshot()").fetchall()
    lsn, snapshot = found[0]
    return str(lsn), str(snapshot)
