"""Who may write: API keys with the scope ``ingest``, remembered for a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from apps.accounts.selectors import api_key_valid, key_digest

REMEMBER_SECONDS = 5.0  # a revoked key works at most this long
MOST_KEYS = 10_000


@dataclass
class KeyRing:
    """Digest of a key -> its domain ("" for a key that may not write) and when it was looked up.

    Keys that may not write are remembered apart: however many are tried, the good ones stay known.
    """

    _good: dict[str, tuple[str, float]] = field(default_factory=dict)
    _others: dict[str, tuple[str, float]] = field(default_factory=dict)

    async def domain(self, header: str) -> str:
        """The domain that the bearer of this Authorization header may write; "" when none."""
        scheme, _space, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text:
            return ""
        digest = key_digest(text.strip())
        found = self._good.get(digest) or self._others.get(digest)
        if found is not None and time.monotonic() - found[1] <= REMEMBER_SECONDS:
            return found[0]
        domain = await sync_to_async(_look_up)(text.strip())
        self._keep(digest, domain)
        return domain

    def _keep(self, digest: str, domain: str) -> None:
        for kept in (self._good, self._others):
            kept.pop(digest, None)
        kept = self._good if domain else self._others
        if len(kept) >= MOST_KEYS:
            kept.clear()
        kept[digest] = (domain, time.monotonic())


def _look_up(text: str) -> str:
    close_old_connections()
    key = api_key_valid(text)
    return key.domain if key is not None and "ingest" in key.scopes else ""
