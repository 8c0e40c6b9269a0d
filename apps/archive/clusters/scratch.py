"""A scratch cluster: restored into, asked, and removed. Its folder and its port are nobody else's."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from django.conf import settings

from apps.archive.clusters.addresses import Address
from apps.archive.clusters.programs import program
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _

HOST = "127.0.0.1"
START_SECONDS = 3600  # the log of a month may have to be replayed
HBA = "local all all reject\nhost all all 127.0.0.1/32 scram-sha-256\n"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "hot_standby": "off",  # answers only when everything is replayed
    "archive_mode": "off",
    "fsync": "off",  # it is thrown away
    "shared_buffers": "64MB",
    "max_connections": "20",
    "logging_collector": "off",
    "ssl": "off",
}


def as_account(command: Sequence[str]) -> list[str]:
    """The command as the unprivileged user of the drill, ended when its parent dies."""
    options = ["--pdeathsig", "INT"]
    if settings.DRILL_ACCOUNT and os.geteuid() == 0:
        group = pwd.getpwnam(settings.DRILL_ACCOUNT).pw_gid
        options += [f"--reuid={settings.DRILL_ACCOUNT}", f"--regid={group}", "--init-groups"]
    return ["setpriv", *options, "--", *command]


def scratch_folder() -> Path:
    """An empty folder for the drill; what an interrupted one left is removed."""
    folder = Path(settings.DRILL_DIR)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def give_to_account(folder: Path) -> None:
    """Let the drill's user own everything in the folder."""
    if not settings.DRILL_ACCOUNT or os.geteuid() != 0:
        return
    entry = pwd.getpwnam(settings.DRILL_ACCOUNT)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.create_server((HOST, 0)) as opened:
        return int(opened.getsockname()[1])


@contextmanager
def scratch_running(data: Path, *, options: dict[str, str], like: Address) -> Iterator[Address]:
    """A server on the cluster in ``data`` until the end; where it is, for the same role as ``like``."""
    hba, log = data.parent / "pg_hba.conf", data.parent / "postgres.log"
    hba.write_text(HBA, encoding="utf-8")
    port = free_port()
    chosen = SETTINGS | {"port": f"{port}", "hba_file": f"{hba}"} | options
    command = [program("postgres"), "-D", str(data)]
    command += [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    give_to_account(data.parent)
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
    with (
        log.open("wb") as output,
        subprocess.Popen(
            as_account(command), cwd=data, stdout=output, stderr=output, env=environment
        ) as process,
    ):
        try:
            address = replace(like, host=HOST, port=port)
            _wait(process, address, log)
            yield address
        finally:
            process.send_signal(signal.SIGINT)  # ends sessions at once


def _wait(process: subprocess.Popen[bytes], address: Address, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            address.connect().close()
        except psycopg.OperationalError:
            if process.poll() is None and time.monotonic() < until:
                time.sleep(0.1)
                continue
            words = log.read_text(encoding="utf-8", errors="replace")[-400:]
            raise ProblemError(_("The scratch cluster did not start: %(words)s") % {"words": words}) from None
        return
