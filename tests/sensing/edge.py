"""Agents, their configuration and local lines for the tests of the edge."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_MS = 1_790_000_000_000


def line(stream: str, second: float, result: Any = 1.0) -> bytes:
    """One reading as a line without its end."""
    moment = START_MS + int(second * 1000)
    return json.dumps({"datastream": stream, "phenomenonTime": moment, "result": result}).encode()


def config_text(folder: Path, **parts: str) -> str:
    """An ``edge.toml``: each part replaces the body of a table, ``more`` is added at its end."""
    tables = {
        "source": f'kind = "unix"\naddress = "{folder}/socket"',
        "gateway": 'url = "http://127.0.0.1:9"\nlongest_pause = 0.5',
        "store": f'path = "{folder}/store.db"\nfree_mb = 0',
        "status": f'file = "{folder}/status.json"\nevery = 0.1',
    } | {name: body for name, body in parts.items() if name not in {"more", "head"}}
    text = "".join(f"[{name}]\n{body}\n" for name, body in tables.items())
    return f"batch_seconds = 0.05\ndrain = 5.0\n{parts.get('head', '')}\n{text}\n{parts.get('more', '')}\n"


@dataclass
class Running:
    """An agent in a process of its own, which can be killed and started again on the same store."""

    folder: Path
    text: str
    key: str = "none"
    before: Sequence[str] = ()  # a command that starts the agent's command
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        (self.folder / "edge.toml").write_text(self.text)
        command = [sys.executable, "-m", "apps.sensing.edge", "--config", str(self.folder / "edge.toml")]
        environment = {"EDGE_KEY": self.key, "PATH": os.environ["PATH"]}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, *command], cwd=ROOT, env=environment, stderr=log, stdin=subprocess.DEVNULL
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def status(self) -> dict[str, Any]:
        path = self.folder / "status.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def until(self, reached: Callable[[dict[str, Any]], bool], *, seconds: float = 20) -> dict[str, Any]:
        """The status once it is as wished."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if (status := self.status()) and reached(status):
                return status
            time.sleep(0.05)
        raise AssertionError(f"{self.status()} {(self.folder / 'log').read_text()[-1000:]}")


@contextmanager
def agent_running(
    folder: Path, *, key: str = "none", before: Sequence[str] = (), **parts: str
) -> Iterator[Running]:
    running = Running(folder, config_text(folder, **parts), key, before)
    running.start()
    try:
        yield running
    finally:
        running.kill()


@dataclass
class Device:
    """A local device on the agent's socket that sends again what was not confirmed, and logs what was."""

    address: Path
    confirmed: list[bytes] = field(default_factory=list)
    _peer: socket.socket | None = None

    def send(self, lines: Sequence[bytes], *, seconds: float = 20) -> None:
        """Send until every line is confirmed, through as many agents as it takes."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                if self._exchange(lines):
                    self.confirmed += lines
                    return
            except OSError:
                time.sleep(0.05)
            finally:
                self.close()
        raise AssertionError("the agent did not confirm")

    def close(self) -> None:
        if self._peer is not None:
            self._peer.close()
            self._peer = None

    def _exchange(self, lines: Sequence[bytes]) -> bool:
        """On a connection of its own, so that the count is of these lines."""
        self.close()
        self._peer = peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(1)
        peer.connect(str(self.address))
        peer.sendall(b"\n".join(lines) + b"\n")
        heard = b""
        while b'{"taken":%d}' % len(lines) not in heard:
            part = peer.recv(4096)
            if not part:
                return False
            heard += part
        return True
