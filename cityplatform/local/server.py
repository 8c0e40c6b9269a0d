"""One private server as a child process: started, waited for, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cityplatform.local.accounts import as_account
from cityplatform.local.errors import LocalError

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(kw_only=True)
class Server:
    """How one server runs; it gets ``stop_signal`` too when its parent is killed."""

    name: str
    command: list[str]
    folder: Path
    log: Path
    account: str | None
    answers: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start and wait until it answers."""
        death = self.stop_signal.name.removeprefix("SIG")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                as_account(self.command, self.account, parent_death=death),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
            )
        self.wait()

    def wait(self) -> None:
        """Return when the server answers; stop with its last words when it ends or stays silent."""
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise LocalError(f"{self.name} did not start.\n{self.last_words()}", f"See {self.log}.")
            time.sleep(0.05)

    def last_words(self, lines: int = 5) -> str:
        """The end of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def kill(self) -> None:
        """End it as a crash would (kill -9), for tests."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ask it to stop, then insist."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
