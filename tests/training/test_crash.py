"""kill -9 of the training worker in the middle of a training: the run goes on as if nothing had happened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site
from tests.clusters import database_copied
from tests.stack import LiveStack

STATE = "SELECT state FROM core_job ORDER BY created_at LIMIT 1"
# The third epoch waits in the database for a lock that the test holds, so the kill always finds it there.
HOLD = (
    "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS "
    "'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END'",
    "CREATE TRIGGER hold BEFORE UPDATE ON core_job FOR EACH ROW WHEN (NEW.done >= 3) EXECUTE FUNCTION hold()",
)
HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
END = f"SELECT pg_terminate_backend(pid) FROM ({HELD}) waiting"
GO = "DROP TRIGGER hold ON core_job"


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
    for statement in HOLD:
        train_stack.sql(statement)
    with psycopg.connect(train_stack.environment["DATABASE_URL"], autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(4711)")
        train_stack.manage("shell", "-c", "from tests.training import crash; crash.run_queue()")
        train_stack.start("train")
        train_stack.wait_for(
            lambda stack: stack.sql(HELD), "the training did not reach its third epoch", process="train"
        )
        train_stack.kill("train")
        train_stack.sql(END)
    assert train_stack.sql(STATE) == [("running",)]
    train_stack.sql(GO)
    train_stack.start("train")
    train_stack.wait_for(
        lambda stack: stack.sql(STATE) == [("succeeded",)], "the run did not go on", process="train"
    )
    train_stack.manage("shell", "-c", "from tests.training import crash; crash.run_compare()")
