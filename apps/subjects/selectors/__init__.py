"""Questions about people's rows; import from here."""

from __future__ import annotations

from apps.subjects.selectors.keeping import erasure_plan, held_by
from apps.subjects.selectors.matching import subject_matches
from apps.subjects.selectors.records import domains_with_people, records

__all__ = ["domains_with_people", "erasure_plan", "held_by", "records", "subject_matches"]
