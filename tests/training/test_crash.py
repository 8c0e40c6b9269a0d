"""kill -9 of the training worker in the middle of a training: the run goes on as if nothing had happened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site
from tests.clusters import database_copied
from tests.stack import LiveStack

STATE = "SELECT state, done FROM core_job ORDER BY created_at LIMIT 1"


@pytest.fixture
def train_stack() -> Iterator[LiveStack]:
    """A training worker on a database of its own; tasks of a lost worker come back after three seconds."""
    site = Site(var=Path(os.environ["VAR_DIR"]) / "crash", ports=free_ports(), durable=False)
    environment = os.environ | {
        "REDIS_URL": urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/14")),
        "VAR_DIR": str(site.var),
        "TASK_REDELIVERY_SECONDS": "3",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }
    with database_copied(f"crash_{os.getpid()}", site.var) as url:
        stack = LiveStack(site, environment | {"DATABASE_URL": url})
        yield stack
        stack.stop()


def test_a_killed_training_worker_loses_no_run(train_stack: LiveStack) -> None:
    train_stack.start("train")
    train_stack.manage("shell", "-c", "from tests.training import crash; crash.run_queue()")
    train_stack.wait_for(
        lambda stack: stack.sql(STATE)[0][1] >= 3, "the training did not start", process="train"
    )
    train_stack.kill("train")
    assert train_stack.sql(STATE)[0][0] == "running"
    train_stack.start("train")
    train_stack.wait_for(
        lambda stack: stack.sql(STATE)[0][0] == "succeeded", "the run did not go on", process="train"
    )
    train_stack.manage("shell", "-c", "from tests.training import crash; crash.run_compare()")
