"""A private PostgreSQL cluster with PostGIS."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from cityplatform.local.accounts import account_for, as_account, folder_make, own, servers_home
from cityplatform.local.errors import LocalError
from cityplatform.local.passwords import secret_make
from cityplatform.local.ports import HOST
from cityplatform.local.programs import postgres_bin
from cityplatform.local.server import Server

NAME = "cityplatform"
BACKUP = "cityplatform_backup"  # may copy the cluster and read its log, and no table
SOCKET_PATH_LIMIT = 90  # sun_path holds 108 bytes, and PostgreSQL appends its file name

DURABLE = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "wal_level": "replica",  # the log is enough for base backups and for replay up to any moment
    "max_slot_wal_keep_size": "8GB",  # a receiver of the log that stays away must not fill the disk
    "synchronous_commit": "on",  # a reading is acknowledged after its commit, so the commit must be on disk
    "fsync": "on",
    "random_page_cost": "1.1",
    "jit": "off",  # costs more than it saves on short queries
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2s",
}
# Tests throw the cluster away, so nothing need survive a power cut. A killed server still loses nothing:
# what was committed is in the kernel's page cache.
FAST = DURABLE | {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """Where one cluster lives; ``durable`` is off only for tests."""

    var: Path
    port: int
    durable: bool = True

    @property
    def account(self) -> str | None:
        """The system user of the server."""
        return account_for("postgres")

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return servers_home(self.var) / "postgres"

    def password(self, name: str = "postgres") -> str:
        """Password of the application's role, or of ``postgres_admin``."""
        return secret_make(self.var / "secrets", name)

    def url(self, database: str = NAME) -> str:
        """Connection address of the application's role."""
        return f"postgresql://{NAME}:{self.password()}@{HOST}:{self.port}/{database}"

    def backup_url(self) -> str:
        """Connection address of the role that makes backups."""
        return f"postgresql://{BACKUP}:{self.password('backup')}@{HOST}:{self.port}/postgres"

    def admin_url(self, database: str = "postgres") -> str:
        """Connection address of the superuser, for set-up and for tests."""
        return f"postgresql://postgres:{self.password('postgres_admin')}@{HOST}:{self.port}/{database}"


def postgres_server(postgres: Postgres) -> Server:
    """The server of an initialised cluster."""
    cluster_init(postgres)
    settings_write(postgres)
    return Server(
        name="PostgreSQL",
        command=[str(postgres_bin() / "postgres"), "-D", str(postgres.data)],
        folder=postgres.data,
        log=postgres.var / "log" / "postgres.log",
        account=postgres.account,
        answers=lambda: _answers(postgres),
        stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: ends sessions, then a clean checkpoint
    )


def cluster_init(postgres: Postgres) -> None:
    """Run initdb once; a cluster of another major version stops with the way out."""
    version_file = postgres.data / "PG_VERSION"
    major = postgres_bin().parent.name
    if version_file.exists():
        if version_file.read_text(encoding="utf-8").strip() != major:
            raise LocalError(
                f"The database in {postgres.data} was made by another PostgreSQL than {major}.",
                "Keep it by pg_upgrade (docs/operations.md), or start afresh by 'make clean-var'.",
            )
        return
    folder_make(postgres.data, postgres.account)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as password:
        password.write(postgres.password("postgres_admin"))
        password.flush()
        own(Path(password.name), postgres.account)
        _initdb(postgres, password.name)


def _initdb(postgres: Postgres, password_file: str) -> None:
    command = [str(postgres_bin() / "initdb"), "-D", str(postgres.data), "--username=postgres"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile={password_file}"]
    if not postgres.durable:
        command.append("--no-sync")
    done = subprocess.run(
        as_account(command, postgres.account), cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LocalError(f"initdb failed: {done.stderr.strip()}", f"Check the rights on {postgres.data}.")


def settings_write(postgres: Postgres) -> None:
    """Write ``postgresql.auto.conf``, so that a changed port is taken at the next start."""
    fits = len(str(postgres.data)) < SOCKET_PATH_LIMIT
    settings = (DURABLE if postgres.durable else FAST) | {
        "port": str(postgres.port),
        "listen_addresses": HOST,
        "unix_socket_directories": str(postgres.data) if fits else "",
        "password_encryption": "scram-sha-256",
    }
    path = postgres.data / "postgresql.auto.conf"
    path.write_text("".join(f"{name} = '{value}'\n" for name, value in settings.items()), encoding="utf-8")
    own(path, postgres.account)


def _answers(postgres: Postgres) -> bool:
    try:
        psycopg.connect(postgres.admin_url(), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def database_make(postgres: Postgres, *, database: str = NAME, tests: bool = False) -> None:
    """Roles, database and PostGIS where they are missing; ``tests`` lets the role make databases for them."""
    role, name = sql.Identifier(NAME), sql.Identifier(database)
    with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
        _role_make(admin, NAME, "NOSUPERUSER CREATEDB" if tests else "NOSUPERUSER", postgres.password())
        _role_make(admin, BACKUP, "REPLICATION", postgres.password("backup"))
        if tests:
            _template_make(postgres, role)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))
    _postgis_make(postgres, database)


def _template_make(postgres: Postgres, role: sql.Identifier) -> None:
    """What a database of the tests needs beyond production: PostGIS at once, and two acts of theirs.

    Emptying the tables goes past the triggers of append-only ones; a new file of the log is begun.
    """
    _postgis_make(postgres, "template1")
    with psycopg.connect(postgres.admin_url("template1"), autocommit=True) as admin:
        admin.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(role))
        admin.execute(sql.SQL("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {}").format(role))


def _postgis_make(postgres: Postgres, database: str) -> None:
    with psycopg.connect(postgres.admin_url(database), autocommit=True) as admin:
        admin.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        # Boxes tell nothing, so row security may let them use an index.
        admin.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF")


def _role_make(
    admin: psycopg.Connection[tuple[object, ...]], name: str, power: LiteralString, password: str
) -> None:
    """A role that may log in, with this power and this password."""
    role = sql.Identifier(name)
    if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    change = sql.SQL("ALTER ROLE {} {} PASSWORD {}")
    admin.execute(change.format(role, sql.SQL(power), sql.Literal(password)))
