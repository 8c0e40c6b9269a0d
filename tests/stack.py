"""The whole system as processes, for tests that need it running: its own database, ports and logs."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from apps.archive.clusters.addresses import ACTS
from cityplatform.local.banner import when_answers
from cityplatform.local.leftovers import MARK
from cityplatform.local.ports import is_taken
from cityplatform.local.prepare import logins_read
from cityplatform.local.services import Site
from cityplatform.local.supervisor import procfile_read
from cityplatform.queues import QUEUES

ROOT = Path(__file__).resolve().parent.parent
# Five workers would take longer to start than most tests: two do the work of all queues.
WORKERS = {
    "worker": "docker/start/worker.sh realtime,default,long",
    "networks": "docker/start/worker.sh train,infer",
}
USUAL = ("web", "gateway", *WORKERS)
START_SECONDS = 300  # a bound for a machine that others use too
STOP_SECONDS = 20


@dataclass
class LiveStack:
    """Addresses, database and processes of one running system."""

    site: Site
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def web_url(self) -> str:
        """Address of the portal's process, without a slash at the end."""
        return f"http://127.0.0.1:{self.site.ports.web}"

    @property
    def gateway_url(self) -> str:
        """Address of the gateway, without a slash at the end."""
        return f"http://127.0.0.1:{self.site.ports.gateway}"

    @property
    def logins(self) -> dict[str, str]:
        """Passwords of the demonstration people by name."""
        return {name: password for name, password, _role in logins_read(self.site.var)}

    def log(self, name: str) -> str:
        """What a process has written so far."""
        path = self.site.var / "log" / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def manage(self, *arguments: str) -> str:
        """Output of one of Django's commands on this system's database."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"manage.py {arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout

    def sql(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query on this system's database, in the name of the platform."""
        url = self.environment["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True, options=ACTS) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def start(self, *names: str) -> None:
        """Start processes of the Procfile, or one of ``WORKERS``, and wait until they work."""
        commands = procfile_read(ROOT / "Procfile") | WORKERS
        for name in names:
            path = self.site.var / "log" / f"{name}.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as output:
                self.processes[name] = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "KILL", *shlex.split(commands[name])],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        for name in names:
            self.wait_for(READY.get(name, lambda _stack: True), f"{name} did not start", process=name)

    def wait_for(self, true: Callable[[LiveStack], object], message: str, *, process: str = "") -> None:
        """Until the condition holds; fails with the log of the process."""
        until = time.monotonic() + START_SECONDS
        while not true(self):
            ended = process and self.processes[process].poll() is not None
            if ended or time.monotonic() > until:
                pytest.fail(f"{message}:\n{self.log(process)[-4000:]}")
            time.sleep(0.1)

    def kill(self, name: str) -> None:
        """kill -9 of the process and of its children."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def stop(self) -> None:
        """Stop all processes."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()


READY: dict[str, Callable[[LiveStack], object]] = {
    "web": lambda stack: when_answers(stack.site.ports.web, seconds=1),
    "gateway": lambda stack: is_taken(stack.site.ports.gateway),
    "mqtt": lambda stack: "door_open" in stack.log("mqtt"),
} | {name: partial(lambda name, stack: " ready." in stack.log(name), name) for name in (*QUEUES, *WORKERS)}


def stack_environment(site: Site, *, database_url: str, redis_url: str) -> dict[str, str]:
    """What the processes of a stack read: this run's environment, and the stack's own addresses on top."""
    return os.environ | site.environment() | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL": "INFO",
        "SECOND_FACTOR": "offered",
        "CITY_NAME": "海澄市（演示）",
        "CITY_NAME_EN": "Haicheng (demonstration)",
        MARK: str(site.var),
    }  # fmt: skip


@contextmanager
def stack_running(site: Site, environment: dict[str, str]) -> Iterator[LiveStack]:
    """The demonstration city (one day of history) in a migrated database, then the usual processes."""
    for folder in ("static", "media", "secrets"):
        (site.var / folder).mkdir(parents=True, exist_ok=True)
    stack = LiveStack(site, environment)
    stack.manage("seed_demo", "--days", "1", "--no-models")
    try:
        stack.start(*USUAL)
        yield stack
    finally:
        stack.stop()
