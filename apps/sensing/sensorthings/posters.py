"""Who posts observations where: worked out by the whole of Django, then remembered for three seconds.

A device posts to the same datastream again and again with the same key; all rights to that were asked a
moment ago. What is remembered is exactly one key, one host and one datastream.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

REMEMBER_SECONDS = 3.0  # changed rights must show within five seconds
MOST = 50_000
IDENTIFYING = ("authorization", "host", "x-forwarded-proto")
Who = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """The domain of a key's datastream, and the address that links begin with."""

    domain: str
    root: str


def who_of(header: Callable[[str], str | None], body: Any) -> Who:
    """The headers that decide who somebody is and how they reached us, and what they say beside a link's id.

    Django compares that with what is stored; the same words need not be compared again.
    """
    linked = body.get("Datastream") if isinstance(body, dict) else None
    beside = repr(linked) if isinstance(linked, dict) and len(linked) > 1 else ""
    return (*(header(name) or "" for name in IDENTIFYING), beside)


@dataclass
class Posters:
    """Posters by their headers and datastream, and when Django began to look them up (monotonic seconds)."""

    _known: dict[tuple[Who, int], tuple[Poster, float]] = field(default_factory=dict)

    def find(self, who: Who, stream: int) -> Poster | None:
        """The poster, if he was admitted to this datastream a moment ago."""
        poster, asked = self._known.get((who, stream), (None, 0.0))
        return poster if time.monotonic() - asked < REMEMBER_SECONDS else None

    def remember(self, who: Who, stream: int, poster: Poster, *, asked: float) -> None:
        """Keep a poster whose observation Django has just taken."""
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[who, stream] = (poster, asked)


POSTERS = Posters()
