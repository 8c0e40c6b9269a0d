"""The log that completes a base backup: received by a process, or fetched up to a moment by a drill."""

from __future__ import annotations

import os
import time

import structlog
from django.db import connection

from apps.archive.clusters.addresses import Address
from apps.archive.clusters.programs import program, program_become, program_run
from apps.archive.models import Backup
from apps.archive.selectors.backups import base_backups, log_folder
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _

SLOT = "cityplatform"  # the server keeps what the receiver has not confirmed
WAIT_SECONDS = 120
PLACE = """
    SELECT active, coalesce(restart_lsn >= %s::pg_lsn, false) FROM pg_replication_slots WHERE slot_name = %s
"""
log = structlog.get_logger("archive")


def log_command(address: Address) -> list[str]:
    """``pg_receivewal`` into the folder of the log; the slot is made where it is missing."""
    log_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    receiver = [program("pg_receivewal"), *address.options(), f"--slot={SLOT}"]
    program_run([*receiver, "--create-slot", "--if-not-exists"], environment=address.environment())
    return [*receiver, f"--directory={log_folder()}", "--synchronous", "--status-interval=1"]


def log_receive(address: Address) -> None:
    """Become the process that receives the log; returns never."""
    program_become(log_command(address), environment=address.environment())


def log_fetch(address: Address, *, until: str) -> None:
    """Have the log up to a place: wait for the receiving process, or fetch it where there is none.

    Something must have been written after that place, or the receiver waits for it.
    """
    command, end = log_command(address), time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        active, there = _slot(until)
        if there:
            return
        if not active:
            fetch = [*command, "--no-loop", f"--endpos={until}"]
            program_run(fetch, environment=address.environment(), seconds=WAIT_SECONDS)
            return
        time.sleep(0.2)
    raise ProblemError(_("The log has not arrived within two minutes; see the process that receives it."))


def _slot(until: str) -> tuple[bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [until, SLOT])
        active, there = cursor.fetchone() or (False, False)
    return bool(active), bool(there)


def log_cut_off(kept: list[Backup]) -> None:
    """Delete the log before the oldest kept base backup."""
    first = min((backup.first_log for backup in base_backups() if backup in kept), default="")
    if first:
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
        program_run([program("pg_archivecleanup"), str(log_folder()), first], environment=environment)
