"""Where a database is and who asks it; passwords go by the environment, never by the command line."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings

PORT = 5432
# Copies and checksums are work of the platform: row security passes them.
ACTS = '-c app.viewer={"system":"archive"}'
TIMELESS = "-c statement_timeout=0 -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One database as one role sees it."""

    host: str
    port: int
    user: str
    password: str
    name: str

    def options(self) -> list[str]:
        """The options that every PostgreSQL program understands."""
        return [f"--host={self.host}", f"--port={self.port}", f"--username={self.user}", "--no-password"]

    def environment(self) -> dict[str, str]:
        """The environment of a PostgreSQL program."""
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return {
            "PATH": path,
            "PGPASSWORD": self.password,
            "LC_ALL": "C.UTF-8",
            "PGCONNECT_TIMEOUT": "10",
            "PGOPTIONS": ACTS,
        }

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of its own without a time limit, whose texts are the same on every cluster."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=self.name,
            options=f"{TIMELESS} {ACTS} -c bytea_output=hex -c extra_float_digits=1",
            autocommit=autocommit,
            connect_timeout=10,
        )

    def url(self) -> str:
        """The same as ``postgresql://…``, for ``DATABASE_URL``."""
        return f"postgresql://{self.user}:{self.password}@{self.host}:{self.port}/{self.name}"


def application_address() -> Address:
    """The database of this installation, as the application's role."""
    database = {name: f"{value}" for name, value in settings.DATABASES["default"].items()}
    return Address(
        host=database["HOST"],
        port=int(database["PORT"] or PORT),
        user=database["USER"],
        password=database["PASSWORD"],
        name=database["NAME"],
    )


def backup_address() -> Address | None:
    """The role that may copy the whole cluster, or None where this installation has none."""
    if not settings.BACKUP_DATABASE_URL:
        return None
    parts = urlsplit(settings.BACKUP_DATABASE_URL)
    return Address(
        host=parts.hostname or "",
        port=parts.port or PORT,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        name=parts.path.lstrip("/") or "postgres",
    )
