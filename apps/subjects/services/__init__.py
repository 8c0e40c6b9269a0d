"""What may be done with a person's rows on his own request; import from here."""

from __future__ import annotations

from apps.subjects.services.correcting import changes_known, request_correct
from apps.subjects.services.erasing import request_erase
from apps.subjects.services.exporting import request_export
from apps.subjects.services.journal import journal_sync
from apps.subjects.services.reapplying import erasures_reapply
from apps.subjects.services.requests import (
    identity_check,
    matches_confirm,
    request_receive,
    request_refuse,
    request_tell,
    subject_search,
)

__all__ = [
    "changes_known",
    "erasures_reapply",
    "identity_check",
    "journal_sync",
    "matches_confirm",
    "request_correct",
    "request_erase",
    "request_export",
    "request_receive",
    "request_refuse",
    "request_tell",
    "subject_search",
]
