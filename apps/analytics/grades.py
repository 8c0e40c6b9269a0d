"""Privacy grades of the analytics models."""

from __future__ import annotations

from apps.core.grades import INTERNAL, graded

NAMES = (
    *("id", "domain", "division", "kind", "parameters", "engine", "result", "rows", "job", "asked_by"),
    "created_at",
)
GRADES = graded("Analysis", **dict.fromkeys(NAMES, INTERNAL))
