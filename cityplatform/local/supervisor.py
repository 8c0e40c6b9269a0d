"""The processes of the Procfile under honcho; one that ends is started again."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from honcho import manager
from honcho.compat import ProcessManager
from honcho.environ import parse_procfile
from honcho.process import Process

STOP_SECONDS = 10  # a task that is cut off here is delivered again at the next start
RESTART_SECONDS = 1.0
PR_SET_PDEATHSIG = 1


def procfile_read(path: Path) -> dict[str, str]:
    """Name and command of every process."""
    return dict(parse_procfile(path.read_text(encoding="utf-8")).processes)


def _not_for_us(*_: object) -> None:
    """The manager tells the child itself; unlike SIG_IGN, a handler is not handed down to the child."""


class KeptProcess(Process):
    """A process that is started again when it ends, and ends when its supervisor is killed."""

    def __init__(self, cmd: str, *, stopping: Event, **options: Any) -> None:
        super().__init__(f"exec setpriv --pdeathsig TERM {cmd}", **options)
        self.stopping = stopping

    def run(self, *arguments: Any) -> None:
        """Run until the supervisor stops, however often it ends."""
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _not_for_us)
        self._events, _ignore_signals = arguments
        while True:
            returncode = self._run_once()
            if self.stopping.is_set():
                break
            self._send_message(f"ended with {returncode}; starting again\n".encode())
            time.sleep(RESTART_SECONDS)
            if self.stopping.is_set():
                break
        self._send_message({"returncode": returncode}, type="stop")

    def _run_once(self) -> int:
        child = self._child_ctor(self.cmd, env=self.env, cwd=self.cwd)
        self._send_message({"pid": child.pid}, type="start")
        for line in iter(child.stdout.readline, b""):
            self._send_message(line)
        child.stdout.close()
        return int(child.wait())


class Ender(ProcessManager):
    """Asks only the process that we started; its children (a worker's pool) hear it from their own parent."""

    def terminate(self, pid: int) -> None:
        """Ask it to stop; ``kill`` still ends the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Supervisor(manager.Manager):
    """honcho's manager with kept processes and a call when all are started."""

    def __init__(self, *, when_started: Callable[[], None]) -> None:
        manager.KILL_WAIT = STOP_SECONDS
        multiprocessing.set_start_method("fork", force=True)
        super().__init__()
        self.stopping: Event = multiprocessing.Event()
        self.when_started = when_started
        self._process_ctor = self._kept
        self._procmgr = Ender()

    def _kept(self, cmd: str, **options: Any) -> KeptProcess:
        return KeptProcess(cmd, stopping=self.stopping, **options)

    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self.when_started, daemon=True).start()

    def terminate(self) -> None:
        """Stop all; nobody starts again."""
        self.stopping.set()
        super().terminate()


def supervise(
    processes: Mapping[str, str], *, environment: dict[str, str], root: Path, when_started: Callable[[], None]
) -> int:
    """Run them until Ctrl-C, SIGTERM or the end of one; returns its exit status."""
    supervisor = Supervisor(when_started=when_started)
    for name, command in processes.items():
        supervisor.add_process(name, command, env=environment, cwd=str(root))
    supervisor.loop()
    return int(supervisor.returncode or 0)
