"""What must be true before the processes start: schema, demonstration city, folders."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from apps.audit.keeper import keeper_close, keeper_open
from cityplatform.local.errors import LocalError

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, environment: dict[str, str]) -> None:
    """One of Django's commands; its own words are shown, and a failure stops the start."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise LocalError(
            f"'manage.py {' '.join(arguments)}' failed.",
            "Read its message above; 'make clean-var' starts afresh.",
        )


def site_prepare(var: Path, *, environment: dict[str, str], admin: str = "") -> None:
    """Folders and schema each time; the demonstration city once.

    With the superuser's address the access log belongs to its keeper, except while the schema changes.
    """
    for folder in ("static", "media", "log"):
        (var / folder).mkdir(parents=True, exist_ok=True)
    role = unquote(urlsplit(environment["DATABASE_URL"]).username or "")
    if admin:
        keeper_open(admin, role=role)
    manage("migrate", "--no-input", "--verbosity", "0", environment=environment)
    if admin:
        keeper_close(admin, role=role)
    stamp = var / "demo"
    if not stamp.exists():
        manage("seed_demo", environment=environment)
        stamp.touch()


def logins_read(var: Path) -> list[tuple[str, str, str]]:
    """Name, password and role text of the demonstration people, as the seed command wrote them."""
    path = var / "secrets" / "logins.json"
    if not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [(row["username"], row["password"], f"{row['role_zh']} / {row['role_en']}") for row in rows]
