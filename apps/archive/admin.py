"""Portal pages of the archive; rules, holds, backups and drills are made by services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.archive.models import Backup, DrillReport, DueDay, LakeFile, LegalHold, RetentionRule
from apps.privacy.services.admin import policy_register

policy_register(
    LakeFile,
    columns=("domain", "day", "kind", "rows", "size", "exported_at", "verified_at", "path"),
    search=("path",),
    filters=("domain", "kind"),
    empty=(_("Each night the days that have ended are written to the lake."), ""),
)
policy_register(
    DueDay,
    columns=("domain", "day", "rows", "marked_at"),
    filters=("domain",),
    empty=(_("Every day that has ended is in the lake."), ""),
)
policy_register(
    RetentionRule,
    columns=("domain", "kind", "datastream", "keep_months", "lake_years", "reason", "set_by", "set_at"),
    filters=("domain",),
    empty=(_("Until a program sets a rule, the periods of the configuration hold."), ""),
)
policy_register(
    LegalHold,
    columns=("domain", "datastream", "start", "end", "reason", "placed_by", "placed_at", "released_at"),
    search=("reason",),
    filters=("domain",),
    empty=(_("A hold keeps readings from being deleted; a program places it."), ""),
)
policy_register(
    Backup,
    columns=("started_at", "kind", "outcome", "size", "verified_at", "ended_at", "path", "message"),
    filters=("kind", "outcome"),
    empty=(_("A backup is made each night."), ""),
)
policy_register(
    DrillReport,
    columns=("started_at", "backup", "outcome", "tables", "rows", "replayed_to", "ended_at", "message"),
    filters=("outcome",),
    empty=(_("On the first of each month a backup is restored to see that it can be."), ""),
)
