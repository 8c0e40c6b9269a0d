"""Databases with every table in them, copied instead of migrated.

The migrations run once for their text: ``var/test-cluster-<digest>`` is a stopped PostgreSQL whose database
``cityplatform`` they have made. Each run starts on a copy of its files, and each further database of a run
is a copy of that one by ``CREATE DATABASE .. TEMPLATE``. pytest-django's ``migrate`` still runs on the copy,
where it finds nothing to do but what follows every migration.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from apps.core.keys.files import key_file_make
from cityplatform.local.accounts import servers_home
from cityplatform.local.leftovers import leftovers_end
from cityplatform.local.ports import free_ports
from cityplatform.local.postgres import database_make, postgres_server
from cityplatform.local.programs import postgres_bin
from cityplatform.local.services import Site, running

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "CITYPLATFORM_TEST_TEMPLATE"
SECRETS = ("postgres_admin", "postgres", "backup", "keys")
# Whatever decides what an empty database looks like: migrations and what they import, other people's
# migrations, how a cluster is set up.
DECIDING = (
    "apps/**/migrations/*.py",
    "apps/core/**/*.py",
    "cityplatform/local/postgres.py",
    "constraints.txt",
    "tests/clusters.py",
)


def cluster_copy(site: Site) -> None:
    """Give a new installation a cluster with a migrated database, and the secrets that belong to it."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with (var / "test-cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        template = var / f"test-cluster-{_digest()}"
        if not template.exists():
            for older in var.glob("test-cluster-*"):
                site_remove(older)
            _build(var / "test-cluster-building", template)
        home = servers_home(site.var)
        home.mkdir(parents=True, exist_ok=True)
        _files_copy(servers_home(template) / "postgres", home / "postgres")
    keys_copy(template, site.var)


def keys_copy(source: Path, target: Path) -> None:
    """The passwords and the root keys that a copied database was made with."""
    folder = target / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in SECRETS:
        if (source / "secrets" / name).exists():
            shutil.copy2(source / "secrets" / name, folder / name)


@contextmanager
def database_copied(name: str, var: Path) -> Iterator[str]:
    """The address of a migrated database that goes at the end; ``var`` gets the keys it was made with."""
    keys_copy(Path(os.environ["VAR_DIR"]), var)
    template = sql.Identifier(os.environ.get(TEMPLATE, "template1"))
    with _server() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
    try:
        if TEMPLATE not in os.environ:
            _migrate({"DATABASE_URL": database_url(name), "VAR_DIR": str(var)})
        yield database_url(name)
    finally:
        with _server() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def database_url(name: str) -> str:
    """The address of another database on this run's server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def site_remove(var: Path) -> None:
    """End what still runs there, then remove it."""
    leftovers_end(var)
    home = servers_home(var)
    shutil.rmtree(var, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _server() -> psycopg.Connection[tuple[object, ...]]:
    # Never through the template itself: PostgreSQL copies no database that somebody is connected to.
    return psycopg.connect(database_url("postgres"), autocommit=True)


def _digest() -> str:
    state = hashlib.blake2s(str(postgres_bin()).encode(), digest_size=6)
    for path in sorted(path for pattern in DECIDING for path in ROOT.glob(pattern)):
        state.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


def _build(building: Path, template: Path) -> None:
    """Run every migration on a new cluster, and leave its files behind."""
    site_remove(building)
    site = Site(var=building, ports=free_ports(), durable=False)
    with running(postgres_server(site.postgres)):
        database_make(site.postgres, tests=True)
        key_file_make(building / "secrets" / "keys")
        _migrate(site.environment())
    home, final = servers_home(building), servers_home(template)
    _files_copy(home / "postgres", final / "postgres")
    keys_copy(building, template)
    site_remove(building)


def _migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the migrations failed:\n{done.stderr[-4000:]}")


def _files_copy(source: Path, target: Path) -> None:
    """With owners and rights; the copy appears whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(part)], check=True)
    part.rename(target)
