"""News of people's rows, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

# kind: "corrected" or "erased"; rows: list[tuple[str, str]], ("hospital.Patient", "12")
subject_changed = Signal()
