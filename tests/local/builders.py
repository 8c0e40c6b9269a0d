"""Small installations for the tests of the start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site
from tests.clusters import ROOT, site_remove


@contextmanager
def empty_site(name: str, *, durable: bool = False) -> Iterator[Site]:
    """An installation without any server yet, removed with everything that runs in it."""
    site = Site(var=ROOT / "var" / f"local-{name}", ports=free_ports(), durable=durable)
    site_remove(site.var)
    site.var.mkdir(parents=True)
    try:
        yield site
    finally:
        site_remove(site.var)


def running_as(pid: int) -> int:
    """The effective user of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("Uid:"))
    return int(line.split()[2])
