"""Fields that are encrypted in the database, the index that finds them exactly, and the key they need."""

from __future__ import annotations

from apps.core.encryption.envelope import UnreadableError
from apps.core.encryption.fields import Encrypted, EncryptedDateField, EncryptedTextField, Sealed
from apps.core.encryption.index import (
    BlindIndexField,
    given_fields,
    index_matches,
    indexed_fields,
    normalised,
)
from apps.core.encryption.keyed import SequencedKeyField

__all__ = [
    "BlindIndexField",
    "Encrypted",
    "EncryptedDateField",
    "EncryptedTextField",
    "Sealed",
    "SequencedKeyField",
    "UnreadableError",
    "given_fields",
    "index_matches",
    "indexed_fields",
    "normalised",
]
