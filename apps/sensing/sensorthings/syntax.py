"""What a query says, as plain values: expressions and options."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.gis.geos import GEOSGeometry

Constant = str | int | float | bool | datetime | timedelta | GEOSGeometry | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Constant


@dataclass(frozen=True, slots=True)
class Path:
    """A property, behind navigations: ``Datastream/ObservedProperty/name``."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right``: eq, ne, gt, ge, lt or le."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Reckon:
    """``left operator right``: add, sub, mul, div or mod."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Join:
    """All of the operands (and), or at least one (or)."""

    operator: str
    operands: tuple[Expression, ...]


Expression = Literal | Path | Call | Not | Compare | Reckon | Join


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order."""

    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Expand:
    """A navigation whose entities are wanted inside the answer."""

    name: str
    options: Options


@dataclass(frozen=True, slots=True)
class Options:
    """Query options; ``raw`` keeps the text of each, for links to the next page."""

    filter: Expression | None = None
    order: tuple[Order, ...] = ()
    select: tuple[str, ...] = ()
    expand: tuple[Expand, ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    token: str = ""
    data_array: bool = False
    raw: dict[str, str] = field(default_factory=dict)

    def expanded(self, name: str) -> Options | None:
        """The options of an expanded navigation, or None where it is not expanded."""
        return next((item.options for item in self.expand if item.name == name), None)
