"""What a person sees when the system is up."""

from __future__ import annotations

import time
from collections.abc import Iterable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from cityplatform.local.ports import HOST

WAIT_SECONDS = 120
FACTOR = {
    "offered": "offered, not required (demonstration; set SECOND_FACTOR=required for real data).",
    "required": "required; privileged people set it up at their first login.",
}


def when_answers(port: int, *, path: str = "/healthz", seconds: float = WAIT_SECONDS) -> bool:
    """Wait until the process on that port answers the path with 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _answers(port, path):
            return True
        time.sleep(0.2)
    return False


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()


def banner(*, portal: str, logins: Iterable[tuple[str, str, str]], var: str, factor: str = "offered") -> str:
    """Addresses and demonstration logins; ``factor`` is SECOND_FACTOR as it is in force."""
    base = portal.removesuffix("portal/")
    rows = [f"    {name:<14} {password:<22} {role}".rstrip() for name, password, role in logins]
    lines = [
        "",
        "=" * 78,
        "  CityPlatform is running.",
        f"    Portal    {portal}",
        f"    Live map  {base}map/",
        f"    API       {base}api/docs/",
        "",
        "  Demonstration logins (name, password, role):",
        *(rows or ["    none yet"]),
        f"  Second factor: {FACTOR.get(factor, factor)}",
        "",
        f"  Logins are kept in {var}/secrets/logins.json, logs of the servers in {var}/log/.",
        "  Ctrl-C stops everything.",
        "=" * 78,
        "",
    ]
    return "\n".join(lines)
