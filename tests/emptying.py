"""Bring a test's database back to what it was after the migrations: in place of Django's flush.

Django truncates every table, about 150 of them, and makes content types and permissions again. Here the
tables that hold rows are emptied, and the few that the migrations filled are put back where they changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from django.db import connection, transaction
from psycopg import sql

from apps.accounts.data import Viewer, acting_as

TABLES = """
    SELECT relname, relkind FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname NOT IN ('spatial_ref_sys', 'django_migrations') ORDER BY relname
"""
SLEEP = "SET LOCAL session_replication_role = replica"  # foreign keys, and the triggers of append-only tables
EMPTY = {"r": "DELETE FROM {}", "p": "TRUNCATE {}"}  # a small table, and one with partitions
MIGRATED: dict[str, list[bytes]] = {}


def migrated_remember() -> None:
    """Keep the rows that the migrations made; call before the first test."""
    MIGRATED.clear()
    MIGRATED.update({table: _rows(table) for table in _filled(_tables())})


def database_restore() -> None:
    """Empty what tests have filled. Waits for transactions that still write, as TRUNCATE does."""
    with acting_as(Viewer(system="tests")), transaction.atomic():
        tables = _tables()
        _execute(SLEEP)
        _execute("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", *tables)
        filled = _filled(tables)
        changed = {table for table, rows in MIGRATED.items() if table not in filled or _rows(table) != rows}
        for table in (filled - MIGRATED.keys()) | changed:
            _execute(EMPTY[tables[table]], table)
        for table in changed:
            with connection.cursor() as cursor, cursor.copy(_named("COPY {} FROM STDIN", table)) as copy:
                copy.write(b"".join(MIGRATED[table]))


def _tables() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return dict(cursor.fetchall())


def _filled(tables: Iterable[str]) -> set[str]:
    each = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    asked = [each.format(sql.Literal(table), sql.Identifier(table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(asked).as_string())
        return {name for (name,) in cursor.fetchall()}


def _rows(table: str) -> list[bytes]:
    with connection.cursor() as cursor, cursor.copy(_named("COPY {} TO STDOUT", table)) as copy:
        return sorted(b"".join(map(bytes, copy)).splitlines(keepends=True))


def _execute(statement: LiteralString, *tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_named(statement, *tables).as_string())


def _named(statement: LiteralString, *tables: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.SQL(", ").join(map(sql.Identifier, tables)))
