"""Asking for a backup or a drill: by the clock, by a command, or by the system administrator."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from apps.accounts.data import Office, Viewer
from apps.accounts.services.sessions import privileged_require
from apps.archive.clusters.addresses import backup_address
from apps.archive.models import Backup, BackupKind, DrillReport
from apps.archive.selectors.backups import backup_newest
from apps.archive.signals import backup_asked, drill_asked
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.core.jobs import job_create
from apps.core.models import JobKind
from apps.core.sentences import sentence as _


@transaction.atomic
def backup_ask(*, kind: str = "", viewer: Viewer | None = None, queue: bool = True) -> Backup:
    """A backup that a worker will take: a base backup where a role may, else a dump.

    ``viewer`` is None for the clock and for commands; a command takes it itself (``queue=False``).
    """
    _require(viewer)
    chosen = kind or (BackupKind.BASE if backup_address() else BackupKind.DUMP)
    if chosen not in BackupKind.values:
        raise ProblemError(_("There is no such kind of backup."), "kind", code="unknown")
    now = timezone.now()
    path = f"{chosen}/{now:%Y%m%dT%H%M%S%f}" + (".dump" if chosen == BackupKind.DUMP else "")
    job = job_create(JobKind.BACKUP, title=_("Backup of the database"), domain="", owner=None, total=100)
    backup = Backup.objects.create(kind=chosen, path=path, started_at=now, job_id=job.pk)
    _record("backup", backup.pk, viewer)
    if queue:
        transaction.on_commit(partial(backup_asked.send, sender=Backup, backup_id=backup.pk))
    return backup


@transaction.atomic
def drill_ask(*, viewer: Viewer | None = None, queue: bool = True) -> DrillReport:
    """A restore drill of the newest backup, for a worker; ProblemError when there is none yet.

    A command runs it itself (``queue=False``).
    """
    _require(viewer)
    backup = backup_newest()
    if backup is None:
        raise ProblemError(_("There is no backup yet; make one first."), status=409, code="missing")
    job = job_create(JobKind.RESTORE_DRILL, title=_("Restore drill"), domain="", owner=None, total=100)
    drill = DrillReport.objects.create(backup=backup, started_at=timezone.now(), job_id=job.pk)
    _record("restore_drill", drill.pk, viewer)
    if queue:
        transaction.on_commit(partial(drill_asked.send, sender=DrillReport, drill_id=drill.pk))
    return drill


def _require(viewer: Viewer | None) -> None:
    if viewer is not None and viewer.office is not Office.SYSTEM:
        raise ProblemError(
            _("Only the system administrator makes backups and drills."), status=403, code="role"
        )
    if viewer is not None:
        privileged_require(viewer)


def _record(action: str, pk: int, viewer: Viewer | None) -> None:
    access_record(Act(action, viewer.user_id if viewer else None, "archive.Backup", str(pk)))
