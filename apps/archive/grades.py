"""Privacy grades of the archive models: where readings lie and how many there are, never a reading."""

from __future__ import annotations

from apps.core.grades import INTERNAL, graded

LAKE_FILE = (
    *("id", "kind", "domain", "day", "path", "rows", "size", "digest", "checksum", "newest"),
    *("exported_at", "verified_at"),
)
RULE = ("id", "domain", "kind", "datastream", "keep_months", "lake_years", "reason", "set_by", "set_at")
HOLD = (
    *("id", "domain", "datastream", "start", "end", "reason", "placed_by", "placed_at"),
    *("released_by", "released_at"),
)
BACKUP = (
    *("id", "kind", "path", "outcome", "size", "first_log", "checksum", "figures", "started_at", "ended_at"),
    *("verified_at", "message", "job_id"),
)
DRILL = (
    *("id", "backup", "outcome", "started_at", "ended_at", "replayed_to", "tables", "rows", "differences"),
    *("chain_break", "message", "job_id"),
)

GRADES = {
    **graded("LakeFile", **dict.fromkeys(LAKE_FILE, INTERNAL)),
    **graded("DueDay", **dict.fromkeys(("id", "domain", "day", "rows", "marked_at"), INTERNAL)),
    **graded("RetentionRule", **dict.fromkeys(RULE, INTERNAL)),
    **graded("LegalHold", **dict.fromkeys(HOLD, INTERNAL)),
    **graded("Backup", **dict.fromkeys(BACKUP, INTERNAL)),
    **graded("DrillReport", **dict.fromkeys(DRILL, INTERNAL)),
}
