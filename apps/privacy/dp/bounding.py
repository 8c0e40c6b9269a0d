"""What one person can change at most: few rows, clamped values, public groups."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One row about one person: the value of the question's column and the key of its group."""

    key: str  # primary key of the row
    person: Hashable
    value: float | Decimal | int | None = None
    group: str = ""


def rows_bounded(rows: Iterable[Row], *, most: int, key: bytes) -> list[Row]:
    """At most ``most`` rows of each person: those with the smallest keyed hash (HMAC-SHA-256).

    The choice depends on the row and the key alone, never on its value, its order or the other people; the
    key keeps outsiders from knowing which rows of a person count.
    """
    by_person: defaultdict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        by_person[row.person].append(row)
    kept: list[Row] = []
    for own in by_person.values():
        kept += own if len(own) <= most else sorted(own, key=_rank(key))[:most]
    return kept


def _rank(key: bytes) -> Callable[[Row], tuple[bytes, str]]:
    return lambda row: (hmac.digest(key, row.key.encode(), hashlib.sha256), row.key)


def steps(value: float | Decimal | int, *, parts: int, low: int, high: int) -> int:
    """The value in whole steps, clamped to ``low``..``high``; the sum of such numbers is exact."""
    if not low / parts < value < high / parts:  # infinities end here; what is no number, at the lower bound
        return high if value >= high / parts else low
    return min(max(round(value * parts), low), high)
