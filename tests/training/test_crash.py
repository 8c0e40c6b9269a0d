"""kill -9 of the GPU worker in the middle of a training: the run goes on as if nothing had happened."""

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
def gpu_stack() -> Iterator[LiveStack]:
    """A GPU worker on a database of its own; tasks of a lost worker come back after three seconds."""
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


def test_a_killed_gpu_worker_loses_no_run(gpu_stack: LiveStack) -> None:
    gpu_stack.start("gpu")
    gpu_stack.manage("shell", "-c", "from tests.training import crash; crash.run_queue()")
    gpu_stack.wait_for(lambda stack: stack.sql(STATE)[0][1] >= 3, "the training did not start", process="gpu")
    gpu_stack.kill("gpu")
    assert gpu_stack.sql(STATE)[0][0] == "running"
    gpu_stack.start("gpu")
    gpu_stack.wait_for(
        lambda stack: stack.sql(STATE)[0][0] == "succeeded", "the run did not go on", process="gpu"
    )
    gpu_stack.manage("shell", "-c", "from tests.training import crash; crash.run_compare()")
