"""One ``make run`` at a time in one folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cityplatform.local.errors import LocalError


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the folder; the kernel gives it free when the holder dies, and children do not inherit it."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip()
            raise LocalError(
                f"It runs already in this folder (process {holder}).",
                "Press Ctrl-C in its window, or run 'make stop'.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder_of(var: Path) -> int | None:
    """Process number of the one that runs, or None."""
    path = var / "lock"
    if not path.exists():
        return None
    with path.open("r+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return int(file.read())
    return None
