"""What was asked for is done by a worker."""

from __future__ import annotations

from django.dispatch import receiver

from apps.archive.signals import backup_asked, drill_asked
from apps.archive.tasks import backup_make_task, drill_run_task


@receiver(backup_asked, dispatch_uid="archive.make_backup")
def make_backup(backup_id: int, **_: object) -> None:
    """Queue the backup."""
    backup_make_task.delay(backup_id)


@receiver(drill_asked, dispatch_uid="archive.run_drill")
def run_drill(drill_id: int, **_: object) -> None:
    """Queue the drill."""
    drill_run_task.delay(drill_id)
