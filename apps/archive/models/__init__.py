"""The lake, retention, backups and drills."""

from __future__ import annotations

from apps.archive.models.lake import DueDay, LakeFile, LakeKind
from apps.archive.models.retention import LegalHold, RetentionRule

__all__ = ["DueDay", "LakeFile", "LakeKind", "LegalHold", "RetentionRule"]
