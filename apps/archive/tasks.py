"""Background work of the archive: export, expiry, backups, drills."""

from __future__ import annotations

from celery import shared_task

from apps.archive.selectors.backups import backup_get, drill_get
from apps.archive.services.asking import backup_ask, drill_ask
from apps.archive.services.backups import backup_make
from apps.archive.services.drills import drill_run
from apps.archive.services.expiring import lake_expire, table_expire
from apps.archive.services.exporting import lake_export
from apps.core.errors import ProblemError
from apps.core.jobs import WAITS_FOR_JOB


@shared_task
def lake_export_task() -> None:
    """Export what is due."""
    lake_export()


@shared_task
def expire_task() -> None:
    """Let readings go that the rules let go: first from the table, then from the lake."""
    table_expire()
    lake_expire()


@shared_task
def backup_task() -> None:
    """Ask for the backup of the night."""
    backup_ask()


@shared_task
def drill_task() -> None:
    """Ask for the drill of the month; without a backup there is none."""
    try:
        drill_ask()
    except ProblemError:
        backup_ask()


@shared_task(**WAITS_FOR_JOB)
def backup_make_task(backup_id: int) -> None:
    """Take one backup that was asked for."""
    backup_make(backup_get(backup_id))


@shared_task(**WAITS_FOR_JOB)
def drill_run_task(drill_id: int) -> None:
    """Run one drill that was asked for."""
    drill_run(drill_get(drill_id))
