"""The newest backup, the newest drill, and where backups lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from apps.archive.models import Backup, BackupKind, DrillReport, Outcome


def backup_newest() -> Backup | None:
    """The newest backup that is whole."""
    return Backup.objects.filter(outcome=Outcome.PASSED).order_by("-started_at").first()


def backup_get(backup_id: int) -> Backup:
    """One backup."""
    return Backup.objects.get(pk=backup_id)


def drill_get(drill_id: int) -> DrillReport:
    """One drill with its backup."""
    return DrillReport.objects.select_related("backup").get(pk=drill_id)


def backup_folder(backup: Backup) -> Path:
    """Where the backup lies."""
    return Path(settings.BACKUP_DIR) / backup.path


def log_folder() -> Path:
    """Where the received log lies."""
    return Path(settings.BACKUP_DIR) / "wal"


def base_backups() -> list[Backup]:
    """Whole base backups, the newest first."""
    found = Backup.objects.filter(outcome=Outcome.PASSED, kind=BackupKind.BASE)
    return list(found.order_by("-started_at"))
