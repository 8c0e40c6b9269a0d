"""Where the servers of this machine's packages are."""

from __future__ import annotations

import shutil
from pathlib import Path

from cityplatform.local.errors import LocalError

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
DEBIAN_POSTGIS = "/usr/share/postgresql/{version}/extension/postgis.control"


def program(name: str, package: str) -> str:
    """Full path of a program, or a message that names its package."""
    found = shutil.which(name) or shutil.which(name, path=SYSTEM_PATH)
    if found is None:
        raise LocalError(
            f"{name} is not installed.", f"Run 'sudo apt-get install {package}', or 'make run' again."
        )
    return found


def postgres_bin() -> Path:
    """Folder of the newest PostgreSQL that has PostGIS."""
    versions = (path.name for path in DEBIAN_POSTGRES.glob("*") if path.name.isdecimal())
    for version in sorted(versions, key=int, reverse=True):
        folder = DEBIAN_POSTGRES / version / "bin"
        if (folder / "postgres").exists() and Path(DEBIAN_POSTGIS.format(version=version)).exists():
            return folder
    raise LocalError(
        "PostgreSQL with PostGIS is not installed.",
        "Run 'sudo apt-get install postgresql postgis postgresql-<version>-postgis-3', or 'make run' again.",
    )
