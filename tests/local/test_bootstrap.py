"""The bootstrap on machines that lack something: one clear message with the way out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.clusters import ROOT

BASICS = ("bash", "dirname", "tr", "cat", "grep", "head", "mkdir", "env")


def machine(folder: Path, *stubs: str) -> dict[str, str]:
    """A search path with a few tools only; each stub is ``name: script``."""
    for name in BASICS:
        (folder / name).symlink_to(str(shutil.which(name)))
    for stub in stubs:
        name, _, script = stub.partition(": ")
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def bootstrap(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = ROOT / "docker" / "start" / "bootstrap"
    return subprocess.run(
        [str(shutil.which("bash")), str(script), "run"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_apt_it_names_what_is_missing_and_offers_containers(tmp_path):
    done = bootstrap(machine(tmp_path))
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "redis-server" in done.stderr
    assert "docker compose -f docker/compose.yaml up" in done.stderr


def test_without_rights_it_says_what_to_ask_an_administrator(tmp_path):
    done = bootstrap(machine(tmp_path, "apt-get: exit 0", "id: echo 1000"))
    assert done.returncode == 1
    assert "you may not install" in done.stderr
    assert "make packages" in done.stderr


def test_without_a_network_it_points_to_the_log(tmp_path):
    done = bootstrap(machine(tmp_path, "apt-get: echo no network; exit 100", "id: echo 0", "sleep: exit 0"))
    assert done.returncode == 1
    assert "apt-get update failed" in done.stderr
