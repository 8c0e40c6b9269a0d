"""Which system user a server runs as, and a home that this user can reach.

PostgreSQL refuses to run as root, and the others should not. Started by root, each server runs as the
user that its Debian package made; started by anybody else, as that person.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
from pathlib import Path

FALLBACK_HOME = Path("/var/lib/cityplatform")


def account_for(server: str) -> str | None:
    """Name of the system user, or None where no change of user is possible."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(server).pw_name
    except KeyError:
        return pwd.getpwnam("nobody").pw_name


def is_open_to_others(folder: Path) -> bool:
    """Whether every folder on the way lets other users through."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in [folder, *folder.parents])


def servers_home(var: Path) -> Path:
    """``var`` itself, or a folder outside where ``var`` lies in a closed one (such as /root)."""
    var.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or is_open_to_others(var):
        return var
    return FALLBACK_HOME / hashlib.sha256(str(var).encode()).hexdigest()[:12]


def folder_make(folder: Path, account: str | None) -> None:
    """A folder that only the server's user can open."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        own(folder, account)


def own(path: Path, account: str | None) -> None:
    """Give the path to the server's user."""
    if account is not None:
        shutil.chown(path, account, pwd.getpwnam(account).pw_gid)


def as_account(command: list[str], account: str | None, *, parent_death: str | None = None) -> list[str]:
    """The command under that user; ``parent_death`` names the signal it gets when its parent dies."""
    options = []
    if account is not None:
        group = str(pwd.getpwnam(account).pw_gid)
        options += [f"--reuid={account}", f"--regid={group}", "--init-groups"]
    if parent_death is not None:
        options += ["--pdeathsig", parent_death]
    return ["setpriv", *options, "--", *command] if options else command
