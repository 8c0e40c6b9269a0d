"""What was asked for is done by a worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.archive.selectors.backups import backup_get, drill_get
from apps.archive.services.backups import job_outcome_keep
from apps.archive.signals import backup_asked, drill_asked
from apps.core.jobs import job_send
from apps.core.models import JobKind, JobState
from apps.core.signals import job_changed

MAKE, DRILL = "apps.archive.tasks.backup_make_task", "apps.archive.tasks.drill_run_task"
KINDS, ENDED = {JobKind.BACKUP, JobKind.RESTORE_DRILL}, {JobState.FAILED, JobState.CANCELLED}


@receiver(backup_asked, dispatch_uid="archive.make_backup")
def make_backup(backup_id: int, **_: object) -> None:
    """Queue the backup."""
    job_id = backup_get(backup_id).job_id
    if job_id is not None:
        job_send(job_id, MAKE, backup_id)


@receiver(drill_asked, dispatch_uid="archive.run_drill")
def run_drill(drill_id: int, **_: object) -> None:
    """Queue the drill."""
    job_id = drill_get(drill_id).job_id
    if job_id is not None:
        job_send(job_id, DRILL, drill_id)


@receiver(job_changed, dispatch_uid="archive.end_with_job")
def end_with_job(job_id: UUID, body: dict[str, Any], **_: object) -> None:
    """A backup or a drill whose job has ended otherwise does not stay "running"."""
    if body["kind"] in KINDS and body["state"] in ENDED:
        job_outcome_keep(job_id, message=body["message"])
