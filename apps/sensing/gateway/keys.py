"""Who may write: API keys with the scope ``ingest``, remembered for a few seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from apps.accounts.selectors import api_key_valid, key_digest
from apps.core.errors import ProblemError

REMEMBER_SECONDS = 5.0  # a revoked key works at most this long
MOST_KEYS = 10_000
UNKNOWN_A_SECOND = 50  # look-ups of keys that were not valid when last seen, of all callers together


@dataclass
class KeyRing:
    """Digest of a key -> its domain ("" for a key that may not write) and when it was looked up.

    Valid keys are kept apart: made-up ones can neither push them out nor use up what the database can answer.
    """

    _valid: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)
    _refused: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _second: float = 0.0
    _left: int = UNKNOWN_A_SECOND

    async def domain(self, header: str) -> str:
        """The domain that the bearer of this Authorization header may write; "" when none.

        ProblemError 429 for an unknown key while too many unknown ones come.
        """
        scheme, _space, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text:
            return ""
        digest, now = key_digest(text.strip()), time.monotonic()
        domain, asked = self._valid.get(digest, ("", -REMEMBER_SECONDS))
        if domain and now - asked <= REMEMBER_SECONDS:
            return domain
        if now - self._refused.get(digest, -REMEMBER_SECONDS) < REMEMBER_SECONDS:
            return ""
        if not domain:
            self._unknown_count(now)
        return self._remember(digest, await sync_to_async(_look_up)(text.strip()), now)

    def _unknown_count(self, now: float) -> None:
        if now - self._second >= 1:
            self._second, self._left = now, UNKNOWN_A_SECOND
        if self._left <= 0:
            detail = "Too many unknown keys are being tried; send again in a second."
            raise ProblemError(detail, status=429, code="keys")
        self._left -= 1

    def _remember(self, digest: str, domain: str, now: float) -> str:
        kept: OrderedDict[str, Any] = self._valid if domain else self._refused
        other: OrderedDict[str, Any] = self._refused if domain else self._valid
        other.pop(digest, None)
        kept[digest] = (domain, now) if domain else now
        kept.move_to_end(digest)
        while len(kept) > MOST_KEYS:
            kept.popitem(last=False)
        return domain


def _look_up(text: str) -> str:
    close_old_connections()
    key = api_key_valid(text)
    return key.domain if key is not None and "ingest" in key.scopes else ""
