"""PostgreSQL's programs: where they are, and how they are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _

DEBIAN = Path("/usr/lib/postgresql")
PERCENT = re.compile(rb"\((\d+)%\)")
LAST_WORDS = 300


def program(name: str) -> str:
    """Full path of one of PostgreSQL's programs; ProblemError says which package is missing."""
    folders = [Path(settings.POSTGRES_BIN)] if settings.POSTGRES_BIN else _debian_folders()
    found = next((folder / name for folder in folders if (folder / name).exists()), None)
    path = str(found) if found else shutil.which(name)
    if path is None:
        detail = _("%(name)s is not installed here: install PostgreSQL, or set POSTGRES_BIN.")
        raise ProblemError(detail % {"name": name}, code="missing")
    return path


def _debian_folders() -> list[Path]:
    versions = sorted(
        (path.name for path in DEBIAN.glob("*") if path.name.isdecimal()), key=int, reverse=True
    )
    return [DEBIAN / version / "bin" for version in versions]


def program_run(command: Sequence[str], *, environment: dict[str, str], seconds: float | None = None) -> str:
    """Run to the end, at most so long; returns what it said, ProblemError with its last words otherwise."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise ProblemError(_failed(command, "timeout")) from None
    if done.returncode != 0:
        raise ProblemError(_failed(command, done.stderr or done.stdout))
    return done.stdout


def program_become(command: Sequence[str], *, environment: dict[str, str]) -> None:
    """Go on as that program: signals reach it without a go-between."""
    os.execve(command[0], [*command], environment)


def program_watch(
    command: Sequence[str], *, environment: dict[str, str], watcher: Callable[[int], None]
) -> None:
    """Run to the end and tell the percentage that it prints; ProblemError when it failed."""
    said = b""
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, bufsize=0) as process:
        while process.stderr is not None and (piece := process.stderr.read(4096)):
            said = (said + piece)[-4096:]
            if found := PERCENT.findall(piece):
                watcher(int(found[-1]))
    if process.returncode != 0:
        raise ProblemError(_failed(command, said.decode(errors="replace")))


def _failed(command: Sequence[str], said: str) -> str:
    words = {"name": Path(command[0]).name, "words": said.strip()[-LAST_WORDS:]}
    return _("%(name)s failed: %(words)s") % words
