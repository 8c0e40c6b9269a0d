"""Processes of this installation that outlived their supervisor (it was killed, or the machine slept badly).

A process is ours when its environment carries our mark, or when it is one of the three servers and works in
one of our folders. Process numbers in files are not trusted: numbers are given again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from cityplatform.local.accounts import servers_home

MARK = "CITYPLATFORM_SITE"
SERVERS = {"postgres": signal.SIGINT, "redis-server": signal.SIGTERM, "redis-check-rdb": signal.SIGTERM,
           "mosquitto": signal.SIGTERM}  # fmt: skip
STOP_SECONDS = 15


def leftovers_end(var: Path) -> int:
    """End what is left, applications before servers; returns how many there were."""
    applications = {pid: signal.SIGTERM for pid in _pids() if _is_marked(pid, var)}
    _end(applications)
    servers = dict(_servers(var))
    _end(servers)
    return len(applications) + len(servers)


def _pids() -> Iterable[int]:
    own = {os.getpid(), os.getppid()}
    return [
        int(path.name)
        for path in Path("/proc").iterdir()
        if path.name.isdecimal() and int(path.name) not in own
    ]


def _is_marked(pid: int, var: Path) -> bool:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    return f"{MARK}={var}".encode() in environment.split(b"\0")


def _servers(var: Path) -> Iterable[tuple[int, signal.Signals]]:
    """Main processes of servers in our folders; their own children end with them."""
    home = servers_home(var)
    for pid in _pids():
        try:
            name, folder = Path(f"/proc/{pid}/exe").readlink().name, Path(f"/proc/{pid}/cwd").readlink()
        except OSError:
            continue
        if name in SERVERS and folder.parent == home and _parent_name(pid) != name:
            yield pid, SERVERS[name]


def _parent_name(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        parent = next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:"))
        return Path(f"/proc/{parent}/exe").readlink().name
    except OSError:
        return ""


def _end(processes: dict[int, signal.Signals]) -> None:
    for pid, number in processes.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    until = time.monotonic() + STOP_SECONDS
    while any(map(_is_alive, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in filter(_is_alive, processes):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    """Running; a zombie that nobody has collected yet counts as gone."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
