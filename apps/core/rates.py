"""How much somebody may ask for at a time: a bucket of tokens that fills again (RFC 2697 has the idea)."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """``size`` tokens at once, ``refill`` new ones each second."""

    size: float
    refill: float
    _left: float = field(init=False)
    _seen: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._left = self.size

    def has(self, cost: float = 1.0) -> bool:
        """Whether so many tokens are there."""
        now = time.monotonic()
        self._left = min(self.size, self._left + (now - self._seen) * self.refill)
        self._seen = now
        return self._left >= cost

    def take(self, cost: float = 1.0) -> bool:
        """Whether so many tokens were there; if so, they are gone now."""
        enough = self.has(cost)
        self._left -= cost if enough else 0
        return enough


@dataclass
class Buckets:
    """A bucket for each of the ``most`` names that were seen last."""

    size: float
    refill: float
    most: int = 10_000
    _known: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    def of(self, name: str) -> Bucket:
        """The bucket of a name."""
        bucket = self._known.pop(name, None) or Bucket(self.size, self.refill)
        self._known[name] = bucket
        if len(self._known) > self.most:
            self._known.popitem(last=False)
        return bucket
