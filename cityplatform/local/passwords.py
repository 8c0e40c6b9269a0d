"""Generated secrets, each in a file that only the owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAMES = ("secret_key", "postgres_admin", "postgres", "backup", "redis", "mqtt")


def secret_make(folder: Path, name: str) -> str:
    """The secret of that name, made at the first call."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    return path.read_text(encoding="utf-8").strip()
