"""The commands behind ``make run``, ``make stop`` and ``make clean-var``."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from honcho.environ import parse as parse_env

from cityplatform.local.accounts import servers_home
from cityplatform.local.banner import banner, when_answers
from cityplatform.local.leftovers import MARK, leftovers_end
from cityplatform.local.lock import holder_of, only_one
from cityplatform.local.passwords import secret_make
from cityplatform.local.ports import ports_from, require_free
from cityplatform.local.postgres import NAME
from cityplatform.local.prepare import ROOT, logins_read, site_prepare
from cityplatform.local.services import Site, services_running
from cityplatform.local.supervisor import procfile_read, supervise

STOP_SECONDS = 60


def site_from_environment() -> Site:
    """The installation that the environment (and ``.env``) describes."""
    dotenv = ROOT / ".env"
    if dotenv.exists():
        for name, value in parse_env(dotenv.read_text(encoding="utf-8")).items():
            os.environ.setdefault(name, value)
    var = Path(os.environ.get("VAR_DIR", str(ROOT / "var"))).resolve()
    return Site(var=var, ports=ports_from(os.environ))


def process_environment(site: Site) -> dict[str, str]:
    """Environment of every process: the person's own, ours on top, and the mark."""
    secret_make(site.var / "secrets", "secret_key")
    # Quiet, so that addresses and logins stay in sight; invented people may log in without a second factor.
    invented = {"LOG_LEVEL": "WARNING", "SECOND_FACTOR": "offered"}
    invented |= {"CITY_NAME": "海澄市（演示）", "CITY_NAME_EN": "Haicheng (demonstration)"}
    return invented | os.environ | site.environment() | {
        "SECRET_KEY_FILE": str(site.var / "secrets" / "secret_key"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        MARK: str(site.var),
    }  # fmt: skip


def up() -> int:
    """Everything: servers, schema, demonstration city, processes; until Ctrl-C."""
    site = site_from_environment()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with only_one(site.var):
        if ended := leftovers_end(site.var):
            print(f"Ended {ended} processes that an earlier run had left.", flush=True)
        require_free(site.ports)
        environment = process_environment(site)
        print(f"Starting PostgreSQL, Redis and Mosquitto in {servers_home(site.var)} …", flush=True)
        with services_running(site):
            print("Preparing the database …", flush=True)
            site_prepare(site.var, environment=environment, admin=site.postgres.admin_url(NAME))
            status = supervise(
                procfile_read(ROOT / "Procfile"),
                environment=environment,
                root=ROOT,
                when_started=lambda: announce(site),
            )
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the database short
        print("Stopped.", flush=True)
    return 0 if status in {128 + signal.SIGINT, 128 + signal.SIGTERM} else status


def announce(site: Site) -> None:
    """Print address and logins when the portal answers."""
    if when_answers(site.ports.web):
        factor = process_environment(site)["SECOND_FACTOR"]
        logins = logins_read(site.var)
        print(banner(portal=site.portal_url, logins=logins, var=str(site.var), factor=factor), flush=True)


def services() -> int:
    """Only the three servers, for developers; prints what to export; until Ctrl-C."""
    site = site_from_environment()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with only_one(site.var):
        leftovers_end(site.var)
        with services_running(site):
            for name, value in site.environment().items():
                print(f"export {name}={shlex.quote(value)}", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    return 0


def run_with(arguments: list[str]) -> int:
    """One Python command on this installation, its servers started for it where nothing runs."""
    site = site_from_environment()
    command, environment = [sys.executable, *arguments], process_environment(site)
    if holder_of(site.var) is not None:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    with only_one(site.var):
        leftovers_end(site.var)
        with services_running(site):
            site_prepare(site.var, environment=environment, admin=site.postgres.admin_url(NAME))
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def stop() -> int:
    """Stop what runs in this folder, whoever started it."""
    site = site_from_environment()
    holder = holder_of(site.var)
    if holder is not None:
        os.kill(holder, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while holder_of(site.var) == holder and time.monotonic() < until:
            time.sleep(0.1)
    ended = leftovers_end(site.var) if site.var.exists() else 0
    print("Stopped." if holder or ended else "Nothing was running.")
    return 0


def clean() -> int:
    """Stop, then remove database, demonstration city, logs and secrets."""
    stop()
    site = site_from_environment()
    for folder in {site.var, servers_home(site.var)}:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"Removed {site.var}.")
    return 0
