"""Who may write: API keys with the scope ``ingest``, remembered for a few seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils.translation import gettext as _

from apps.accounts.data import INGEST
from apps.accounts.selectors import api_key_valid, key_digest
from apps.core.errors import ProblemError

REMEMBER_SECONDS = 5.0  # a revoked key works at most this long
MOST_KEYS = 10_000
MISSING, UNKNOWN, LACKING = "missing_key", "invalid_token", "insufficient_scope"  # RFC 6750
UNKNOWN_A_SECOND = 50  # look-ups of keys that were not valid when last seen, of all callers together


@dataclass
class KeyRing:
    """Digest of a key -> its domain, or why it may not write, and when it was looked up.

    Valid keys are kept apart: made-up ones can neither push them out nor use up what the database can answer.
    """

    _valid: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)
    _refused: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)
    _second: float = 0.0
    _left: int = UNKNOWN_A_SECOND

    async def domain(self, header: str) -> str:
        """The domain that the bearer of this Authorization header may write.

        ProblemError 401 for no key or one that is not valid, 403 for one without the scope, and 429 for an
        unknown key while too many unknown ones come.
        """
        scheme, _space, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise _refusal(MISSING)
        digest, now = key_digest(text.strip()), time.monotonic()
        domain, asked = self._valid.get(digest, ("", -REMEMBER_SECONDS))
        if domain and now - asked <= REMEMBER_SECONDS:
            return domain
        why, refused = self._refused.get(digest, ("", -REMEMBER_SECONDS))
        if why and now - refused < REMEMBER_SECONDS:
            raise _refusal(why)
        if not domain:
            self._unknown_count(now)
        domain, why = await sync_to_async(_look_up)(text.strip())
        self._remember(digest, domain, why, now)
        if why:
            raise _refusal(why)
        return domain

    def _unknown_count(self, now: float) -> None:
        if now - self._second >= 1:
            self._second, self._left = now, UNKNOWN_A_SECOND
        if self._left <= 0:
            detail = _("Too many unknown keys are being tried; send again in a second.")
            raise ProblemError(detail, status=429, code="keys")
        self._left -= 1

    def _remember(self, digest: str, domain: str, why: str, now: float) -> None:
        kept, other = (self._refused, self._valid) if why else (self._valid, self._refused)
        other.pop(digest, None)
        kept[digest] = (why or domain, now)
        kept.move_to_end(digest)
        while len(kept) > MOST_KEYS:
            kept.popitem(last=False)


def _refusal(why: str) -> ProblemError:
    if why == LACKING:
        detail = _("This key lacks the scope %(scope)s.") % {"scope": INGEST}
        return ProblemError(detail, status=403, code=LACKING)
    if why == UNKNOWN:
        return ProblemError(_("This key is unknown or has ended."), status=401, code=UNKNOWN)
    return ProblemError(_("Send an API key as 'Authorization: Bearer ...'."), status=401, code=MISSING)


def _look_up(text: str) -> tuple[str, str]:
    """The domain of a key, or why it may not write."""
    close_old_connections()
    key = api_key_valid(text)
    if key is None:
        return "", UNKNOWN
    return (key.domain, "") if INGEST in key.scopes else ("", LACKING)
