"""Privacy grades of the platform's own protection."""

from __future__ import annotations

from apps.core.grades import INTERNAL, SECRET, graded

GRADES = graded("KeyVersion", id=INTERNAL, number=INTERNAL, check_value=SECRET, made_at=INTERNAL)
