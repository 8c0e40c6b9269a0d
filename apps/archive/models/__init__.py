"""The lake, retention, backups and drills."""

from __future__ import annotations

from apps.archive.models.backups import Backup, BackupKind, DrillReport, Outcome
from apps.archive.models.lake import DueDay, LakeFile, LakeKind
from apps.archive.models.retention import LegalHold, RetentionRule

__all__ = [
    "Backup",
    "BackupKind",
    "DrillReport",
    "DueDay",
    "LakeFile",
    "LakeKind",
    "LegalHold",
    "Outcome",
    "RetentionRule",
]
