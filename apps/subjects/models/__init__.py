"""Requests of people about their own data, tombstones of what was deleted, incidents."""

from __future__ import annotations

from apps.subjects.models.incidents import Breach, Incident, Step
from apps.subjects.models.requests import (
    OPEN,
    Asker,
    Kind,
    Proof,
    Refusal,
    State,
    SubjectMatch,
    SubjectRequest,
)
from apps.subjects.models.tombstones import Tombstone

__all__ = [
    "OPEN",
    "Asker",
    "Breach",
    "Incident",
    "Kind",
    "Proof",
    "Refusal",
    "State",
    "Step",
    "SubjectMatch",
    "SubjectRequest",
    "Tombstone",
]
