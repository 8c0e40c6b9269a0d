"""A question as it is asked, stored and recognised again: frozen, canonical, without floating point."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Measure(StrEnum):
    """What is computed."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    QUANTILE = "quantile"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that decides an answer, every bound and key included; two equal questions have one digest.

    ``low``, ``high`` are the clamping bounds in whole steps, of which ``parts`` make one unit. ``keys`` are
    the public values of the ``group`` column, one cell each; ``edges`` are the histogram's borders in steps.
    """

    dataset: str
    measure: Measure
    epsilon: Fraction
    since: date
    until: date  # the first day that does not count
    rows_per_person: int
    column: str = ""
    low: int = 0
    high: int = 0
    parts: int = 1
    level: Fraction = Fraction(1, 2)  # of a quantile
    edges: tuple[int, ...] = ()
    group: str = ""
    keys: tuple[str, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of the answer's cells: group keys, lower borders of the bins, or one without a name."""
        if self.edges:
            return tuple(str(Fraction(edge, self.parts)) for edge in self.edges[:-1])
        return self.keys or ("",)

    def as_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold; fractions and days as text."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def digest(self) -> str:
        """SHA-256 of the canonical form: sorted names, sorted filters, no blanks."""
        body = self.as_dict() | {"filters": sorted([name, sorted(kept)] for name, kept in self.filters)}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction | date):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
