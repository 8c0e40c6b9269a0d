"""A web process on the test's database, with short times."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from cityplatform.local.ports import free_ports, is_taken
from tests.live.builders import Web

SHORT = {"LIVE_RIGHTS_SECONDS": "1", "LIVE_FRAME_MS": "50", "LIVE_QUEUE_FRAMES": "4"}
USUAL = {"LOG_LEVEL": "WARNING", "DATABASE_POOL": "5"}
START_SECONDS = 60


@pytest.fixture(scope="session")
def web_process(django_db_setup: None) -> Iterator[Web]:
    """uvicorn with the real ASGI application."""
    port = free_ports().web
    database = urlunsplit(
        urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    )
    command = ["uvicorn", "cityplatform.asgi:application", "--port", str(port), "--lifespan", "off"]
    log = Path(os.environ["VAR_DIR"]) / "live-web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=os.environ | SHORT | USUAL | {"DATABASE_URL": database},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    until = time.monotonic() + START_SECONDS
    while not is_taken(port):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    yield Web(port)
    process.terminate()
    process.wait(20)


@pytest.fixture
def web(transactional_db: None, web_process: Web) -> Web:
    """The process sees the rows that the test commits."""
    return web_process
