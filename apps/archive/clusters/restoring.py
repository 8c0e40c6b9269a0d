"""A backup restored into a scratch cluster that runs as long as somebody asks it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from psycopg import sql

from apps.archive.clusters.addresses import Address
from apps.archive.clusters.programs import program, program_run
from apps.archive.clusters.scratch import as_account, give_to_account, scratch_running

KEEPER = "cityplatform_keeper"  # owns the access log; a dump names it
PARTIAL = ".partial"  # how the receiver names the log file that it is filling


@contextmanager
def base_restored(folder: Path, *, base: Path, log: Path, until: str, like: Address) -> Iterator[Address]:
    """The cluster of a base backup, its log replayed up to a place in it, for the same role as ``like``."""
    data = folder / "data"
    shutil.copytree(base, data, symlinks=True)
    _log_copy(log, folder / "wal")
    (data / "recovery.signal").touch()
    options = {
        "restore_command": f'cp "{folder / "wal"}/%f" "%p"',
        "recovery_target_lsn": until,
        "recovery_target_inclusive": "off",  # nothing that began at that place or later
        "recovery_target_timeline": "latest",
        "recovery_target_action": "promote",
    }
    with scratch_running(data, options=options, like=like) as address:
        yield address


def _log_copy(log: Path, target: Path) -> None:
    target.mkdir()
    for path in sorted(log.iterdir()):
        if path.suffix == PARTIAL:
            shutil.copy(path, target / path.stem)
    for path in sorted(log.iterdir()):
        if path.suffix != PARTIAL:
            shutil.copy(path, target / path.name)


@contextmanager
def dump_restored(folder: Path, *, dump: Path, like: Address) -> Iterator[Address]:
    """A fresh cluster with the contents of a dump, for the same role as ``like``."""
    data, password = folder / "data", secrets.token_urlsafe(24)
    _cluster_make(folder, password)
    admin = replace(like, user="postgres", password=password, name="postgres")
    with scratch_running(data, options={}, like=admin) as there:
        with there.connect() as connection:
            role = sql.Identifier(like.user)
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(role, sql.Literal(like.password)))
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(KEEPER)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(like.name), role))
        command = [program("pg_restore"), *there.options(), f"--dbname={like.name}", "--exit-on-error"]
        program_run([*command, str(dump)], environment=there.environment())
        yield replace(like, host=there.host, port=there.port)


def _cluster_make(folder: Path, password: str) -> None:
    words = folder / "password"
    words.write_text(password, encoding="utf-8")
    words.chmod(0o600)
    give_to_account(folder)
    command = [program("initdb"), "-D", str(folder / "data"), "--username=postgres", "--auth=scram-sha-256"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile={words}", "--no-sync"]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    program_run(as_account(command), environment=environment)
    words.unlink()
