"""Who keeps the root keys: the interface that a file, a key service or a KMS fulfils."""

from __future__ import annotations

from typing import Protocol

KEY_BYTES = 32


class KeyRefusedError(Exception):
    """A root key is missing or wrong; the text says which, where, and what to do. Never holds a key."""


class Custody(Protocol):
    """A keeper of root keys. Versions are whole numbers from 1; the active one encrypts what is new."""

    def versions(self) -> tuple[int, ...]:
        """Every version that can be had, ascending; KeyRefusedError when the keeper cannot be asked."""

    def active(self) -> int:
        """The version that new values are encrypted with."""

    def key(self, version: int) -> bytes:
        """The 32 bytes of a version; KeyRefusedError when the keeper does not have it."""

    def where(self) -> str:
        """Where the keys are, for messages to people."""
