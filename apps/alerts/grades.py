"""Privacy grades of the alerts models."""

from __future__ import annotations

from apps.core.grades import FieldGrade

GRADES: dict[str, FieldGrade] = {}
