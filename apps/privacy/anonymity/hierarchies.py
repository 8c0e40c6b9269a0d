"""How a quasi-identifier is made coarser, step by step, until it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

ALL = "*"
Level = Callable[[Any], str]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _all(_value: Any) -> str:
    return ALL


def _day(value: Any) -> str:
    return "" if value is None else f"{value:%Y-%m-%d}"


def _month(value: Any) -> str:
    return "" if value is None else f"{value:%Y-%m}"


def _year(value: Any) -> str:
    return "" if value is None else f"{value:%Y}"


def _years(width: int) -> Level:
    """Years in bands: 1990-1999. Bands of birth years do not change with the day of the release."""

    def level(value: date | None) -> str:
        if value is None:
            return ""
        low = value.year // width * width
        return f"{low}-{low + width - 1}"

    return level


def _prefix(digits: int) -> Level:
    """The first digits of a division code (GB/T 2260): 359901 -> 3599 -> 35."""
    return lambda value: _text(value)[:digits]


def _grid(size: float) -> Level:
    """The south-western corner of the grid cell of a point (x, y in degrees)."""

    def level(value: Any) -> str:
        if value is None:
            return ""
        x, y = value[0], value[1]
        return f"{x // size * size:.2f},{y // size * size:.2f}"

    return level


# Level 0 is the value itself; every level is a function of the one before.
HIERARCHIES: dict[str, tuple[Level, ...]] = {
    "category": (_text, _all),
    "birth": (_day, _month, _year, _years(5), _years(10), _years(20), _all),
    "date": (_day, _month, _year, _all),
    "division": (_text, _prefix(6), _prefix(4), _prefix(2), _all),
    "grid": (_grid(0.01), _grid(0.05), _grid(0.1), _grid(0.5), _all),
}


def generalised(values: Iterable[Any], level: Level) -> list[str]:
    """Every value at one level of its hierarchy."""
    known: dict[Any, str] = {}
    found = []
    for value in values:
        if value not in known:
            known[value] = level(value)
        found.append(known[value])
    return found
