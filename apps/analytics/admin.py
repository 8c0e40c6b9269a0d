"""Portal pages of analytics."""

from __future__ import annotations

from apps.analytics.models import Analysis
from apps.privacy.services.admin import policy_register

policy_register(
    Analysis,
    columns=("kind", "domain", "engine", "rows", "asked_by", "created_at", "job"),
    filters=("domain", "kind", "engine"),
)
