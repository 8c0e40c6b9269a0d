"""Portal pages of the archive; rules, holds, backups and drills are made by services."""

from __future__ import annotations

from apps.archive.models import Backup, DrillReport, DueDay, LakeFile, LegalHold, RetentionRule
from apps.privacy.services.admin import policy_register

policy_register(
    LakeFile,
    columns=("domain", "day", "kind", "rows", "size", "exported_at", "verified_at", "path"),
    search=("path",),
    filters=("domain", "kind"),
)
policy_register(DueDay, columns=("domain", "day", "rows", "marked_at"), filters=("domain",))
policy_register(
    RetentionRule,
    columns=("domain", "kind", "datastream", "keep_months", "lake_years", "reason", "set_by", "set_at"),
    filters=("domain",),
)
policy_register(
    LegalHold,
    columns=("domain", "datastream", "start", "end", "reason", "placed_by", "placed_at", "released_at"),
    search=("reason",),
    filters=("domain",),
)
policy_register(
    Backup,
    columns=("started_at", "kind", "outcome", "size", "verified_at", "ended_at", "path", "message"),
    filters=("kind", "outcome"),
)
policy_register(
    DrillReport,
    columns=("started_at", "backup", "outcome", "tables", "rows", "replayed_to", "ended_at", "message"),
    filters=("outcome",),
)
