"""Who asks: worked out by the whole of Django, then remembered for less time than rights may lag.

A map asks for dozens of tiles at once. Session, user, grants and language are the same for all of them, so
the short way uses what Django found at most ``REMEMBER_SECONDS`` ago for exactly the same headers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from apps.accounts.data import Viewer

REMEMBER_SECONDS = 3.0  # changed rights must show within five seconds
MOST_READERS = 10_000
# Who asks, for which purpose, in which language and under which address.
IDENTIFYING = (
    *(b"cookie", b"authorization", b"x-purpose"),
    *(b"accept-language", b"host", b"x-forwarded-proto"),
)
Fingerprint = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """A viewer, the language that he reads, and the address under which he reached us."""

    viewer: Viewer
    language: str
    base: str


def fingerprint(header: Callable[[bytes], bytes]) -> Fingerprint:
    """The headers that decide who somebody is; ``header`` gives the value of one, b"" when it is missing."""
    return tuple(header(name) for name in IDENTIFYING)


@dataclass
class Readers:
    """Readers by their headers, and when Django began to look them up (monotonic seconds)."""

    _known: dict[Fingerprint, tuple[Reader, float]] = field(default_factory=dict)

    def find(self, who: Fingerprint) -> Reader | None:
        """The reader, if he was looked up a moment ago."""
        reader, asked = self._known.get(who, (None, 0.0))
        return reader if time.monotonic() - asked < REMEMBER_SECONDS else None

    def remember(self, who: Fingerprint, reader: Reader, *, asked: float) -> None:
        """Keep a reader whom Django has just admitted."""
        if len(self._known) >= MOST_READERS:
            self._known.clear()
        self._known[who] = (reader, asked)

    def forget(self) -> None:
        """Ask Django again for everybody."""
        self._known.clear()


READERS = Readers()
