"""Portal pages of plans; making, watching and publishing them has pages of its own."""

from __future__ import annotations

from apps.privacy.services.admin import policy_register
from apps.scheduling.models import Plan, PlanRoute, PlanStop

policy_register(
    Plan,
    columns=(
        "title",
        "version",
        "state",
        "status",
        "cost",
        "gap",
        "created_by",
        "created_at",
        "published_at",
    ),
    filters=("domain", "problem", "state"),
    page="admin:plan",
)
policy_register(PlanRoute, columns=("plan", "vehicle", "distance", "duration", "load"), filters=("plan",))
policy_register(PlanStop, columns=("route", "sequence", "label", "arrival", "wait", "departure"))
