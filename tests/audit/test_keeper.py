"""After the hand-over the application's role can add to the log, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from apps.audit.keeper import KEEPER, keeper_close, keeper_open
from cityplatform.local.postgres import Postgres
from cityplatform.settings.databases import database_from_url

NEW = """
    INSERT INTO audit_accessentry (at, action, object_type, object_id, fields, objects_seen, purpose, rows,
                                   result, request_id, role, lasting)
    VALUES (now(), 'read', '', '', '{}', '{}', '', 0, 'done', '', '', false)
"""
TRIGGER = """
    CREATE TRIGGER audit_track AFTER INSERT OR UPDATE OR DELETE ON pet
    FOR EACH ROW EXECUTE FUNCTION audit_track('x.Pet', 'id', '{}', '{}')
"""
TABLES = ("audit_accessentry", "audit_accesslink", "audit_accessanchor", "audit_change")
FORBIDDEN = [
    *(f"{change} {table}" for table in TABLES for change in ("DELETE FROM", "TRUNCATE", "DROP TABLE")),
    "UPDATE audit_accessentry SET rows = 1",
    "UPDATE audit_accesslink SET digest = ''",
    "UPDATE audit_accessanchor SET position = 1",
    "UPDATE audit_change SET changed = '{}'",
    "INSERT INTO audit_change (at, operation) VALUES (now(), 'update')",
    "ALTER TABLE audit_accessentry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_accessentry DROP COLUMN rows",
    "DROP TRIGGER audit_append_only ON audit_accessentry",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "CREATE OR REPLACE FUNCTION audit_purge(bigint, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
    f"SET ROLE {KEEPER}",
    f"GRANT {KEEPER} TO CURRENT_USER",
    "SET session_replication_role = replica",
]


@pytest.fixture(scope="module")
def scratch(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, str]]:
    """Addresses of a scratch database with the tables of the log: the superuser's and an ordinary role's."""
    var, port = Path(os.environ["CITYPLATFORM_TEST_VAR"]), urlsplit(os.environ["DATABASE_URL"]).port or 0
    postgres, name = Postgres(var=var, port=port, durable=False), f"keeper_{os.getpid()}"
    word = sql.Identifier(name)
    with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'scratch'").format(word))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(word, word))
        application = f"postgresql://{name}:scratch@127.0.0.1:{port}/{name}"
        with django_db_blocker.unblock():
            migrated(application)
        keeper_open(postgres.admin_url(name), role=name)
        keeper_close(postgres.admin_url(name), role=name)
        yield postgres.admin_url(name), application
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(word))
        admin.execute(sql.SQL("DROP ROLE {}").format(word))


def migrated(address: str) -> None:
    """The migrations of the audit app, as the application's role runs them."""
    connections.settings["scratch"] = {**connections.settings["default"], **database_from_url(address)}
    try:
        executor = MigrationExecutor(connections["scratch"])
        executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] == "audit"])
        connections["scratch"].close()
    finally:
        del connections["scratch"], connections.settings["scratch"]


def asked(address: str, statement: str) -> object:
    with psycopg.connect(address) as connection:
        found = connection.execute(statement)
        return found.fetchone() if found.description else None


@pytest.mark.parametrize("statement", FORBIDDEN, ids=lambda text: text[:60])
def test_the_role_of_the_application_is_refused(scratch: tuple[str, str], statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(scratch[1], statement)


def test_the_role_of_the_application_still_adds_reads_purges_and_holds(scratch: tuple[str, str]) -> None:
    asked(scratch[1], NEW)
    assert asked(scratch[1], "SELECT count(*) >= 1 FROM audit_accessentry") == (True,)
    assert asked(scratch[1], "SELECT audit_purge(0, 0)") == (0,)
    asked(scratch[1], "SELECT audit_hold()")


def test_a_tracked_table_of_the_role_still_writes_its_history(scratch: tuple[str, str]) -> None:
    asked(scratch[1], "CREATE TABLE pet (id int PRIMARY KEY, name text)")
    asked(scratch[1], TRIGGER)
    asked(scratch[1], "INSERT INTO pet VALUES (1, 'Rex')")
    found = "SELECT operation, changed ->> 'name' FROM audit_change WHERE object_type = 'x.Pet'"
    assert asked(scratch[1], found) == ("insert", '[null, "Rex"]')


def test_migrations_may_change_the_tables_while_the_keeper_is_open(scratch: tuple[str, str]) -> None:
    admin, application = scratch
    role = urlsplit(application).username or ""
    keeper_open(admin, role=role)
    asked(application, "ALTER TABLE audit_accessentry ADD COLUMN later text")
    keeper_close(admin, role=role)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(application, "ALTER TABLE audit_accessentry DROP COLUMN later")
