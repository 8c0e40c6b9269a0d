"""Privacy grades of the archive models."""

from __future__ import annotations

from apps.core.grades import FieldGrade

GRADES: dict[str, FieldGrade] = {}
