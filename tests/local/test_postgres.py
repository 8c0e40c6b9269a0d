"""The private cluster: unprivileged, durable, and on its feet after a crash."""

from __future__ import annotations

import stat

import psycopg
import pytest

from cityplatform.local.errors import LocalError
from cityplatform.local.leftovers import leftovers_end
from cityplatform.local.postgres import database_make, postgres_server
from cityplatform.local.services import running
from tests.local.builders import empty_site, running_as


def test_committed_rows_survive_kill_9_and_a_stale_pid_file():
    with empty_site("crash", durable=True) as site:
        server = postgres_server(site.postgres)
        server.start()
        database_make(site.postgres)
        with psycopg.connect(site.postgres.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.kill()
        assert (site.postgres.data / "postmaster.pid").exists()
        with running(postgres_server(site.postgres)), psycopg.connect(site.postgres.url()) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_server_and_the_application_have_no_more_rights_than_they_need():
    with empty_site("rights") as site:
        server = postgres_server(site.postgres)
        with running(server):
            database_make(site.postgres)
            assert server.process is not None
            assert running_as(server.process.pid) != 0
            with psycopg.connect(site.postgres.url()) as connection:
                row = connection.execute(
                    "SELECT usesuper, postgis_version() <> '' FROM pg_user WHERE usename = current_user"
                )
                assert row.fetchone() == (False, True)
        for secret in (site.var / "secrets").iterdir():
            assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_a_connection_without_the_password_is_refused():
    with empty_site("password") as site, running(postgres_server(site.postgres)):
        database_make(site.postgres)
        url = site.postgres.url().replace(site.postgres.password(), "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url)


def test_a_server_that_its_supervisor_left_behind_is_ended():
    with empty_site("left") as site:
        server = postgres_server(site.postgres)
        server.start()
        assert leftovers_end(site.var) == 1
        assert server.process is not None
        assert server.process.wait(5) == 0, "a fast shutdown, not a kill"
        assert leftovers_end(site.var) == 0


def test_a_cluster_of_another_version_is_not_touched():
    with empty_site("version") as site:
        folder = site.postgres.data
        folder.mkdir()
        (folder / "PG_VERSION").write_text("9\n", encoding="utf-8")
        with pytest.raises(LocalError, match="another PostgreSQL"):
            postgres_server(site.postgres)
