"""Early pytest plugin: private PostgreSQL and Redis before Django's settings are read.

By itself each run has its own servers in ``var/test-<process>``, on free ports, removed at the end. Of a run
in several processes (tests/parallel.py) each worker has its own; the one that hands out the tests has none.
To save the three seconds, name yourself in ``CITYPLATFORM_TEST_SERVICES=<word>``: then the servers of
DATABASE_URL and REDIS_URL are used, with the database ``test_<name>_<word>`` (``--reuse-db`` works).

Commits do not wait for the disk here (fsync off); ``durable_stack`` in conftest has production settings.
"""

from __future__ import annotations

import atexit
import os
import zlib
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from apps.core.keys.files import key_file_make
from cityplatform.local.ports import free_ports
from cityplatform.local.postgres import NAME, postgres_server
from cityplatform.local.redis_server import redis_server
from cityplatform.local.services import Site, running
from tests.clusters import ROOT, TEMPLATE, cluster_copy, site_remove
from tests.parallel import hands_out_tests

REDIS_DATABASES = 16
STOP = ExitStack()
atexit.register(STOP.close)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Before pytest-django reads the settings."""
    options = early_config.known_args_namespace
    if not (options.help or options.version or hands_out_tests(options)):
        word = os.environ.get("CITYPLATFORM_TEST_SERVICES")
        if word:
            shared_services_use(word + os.environ.get("PYTEST_XDIST_WORKER", ""))
        else:
            private_services_start()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """After the last fixture: a worker is given ten seconds to end, and is killed then."""
    STOP.close()


def private_services_start() -> None:
    """Servers of this run alone."""
    leftovers_remove()
    site = Site(var=ROOT / "var" / f"test-{os.getpid()}", ports=free_ports(), durable=False)
    STOP.callback(site_remove, site.var)
    cluster_copy(site)
    STOP.enter_context(running(postgres_server(site.postgres), redis_server(site.redis)))
    os.environ.update(site.environment(), CITYPLATFORM_TEST_VAR=str(site.var), **{TEMPLATE: NAME})
    for folder in ("static", "media"):
        (site.var / folder).mkdir()


def shared_services_use(word: str) -> None:
    """A database and a Redis number of our own on servers that run already."""
    database = urlsplit(os.environ["DATABASE_URL"])
    redis = urlsplit(os.environ["REDIS_URL"])
    number = 1 + zlib.crc32(word.encode()) % (REDIS_DATABASES - 1)
    var = ROOT / "var" / f"test-{word}"
    os.environ.update(
        DATABASE_URL=urlunsplit(database._replace(path=f"{database.path}_{word}")),
        REDIS_URL=urlunsplit(redis._replace(path=f"/{number}")),
        VAR_DIR=str(var),
    )
    for folder in ("static", "media"):
        (var / folder).mkdir(parents=True, exist_ok=True)
    key_file_make(var / "secrets" / "keys")


def leftovers_remove() -> None:
    """Folders of runs that were killed."""
    for folder in (ROOT / "var").glob("test-*"):
        process = folder.name.removeprefix("test-")
        if process.isdecimal() and not Path(f"/proc/{process}").exists():
            site_remove(folder)
