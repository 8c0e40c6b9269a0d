"""Masks: what is left of a value that may not be shown clear. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point

from apps.core.grades import Mask
from apps.privacy.data import Decision, Outcome

NUMBERS = re.compile(r"[A-Za-z0-9@._-]*\d[A-Za-z0-9@._-]*")
NAMES = re.compile(r"([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}(?=先生|女士|老师|医生|同学)")
ADDRESS_KEPT = 6
GRID_DEGREES = 0.01


def _name(value: Any) -> str:
    text = str(value)
    return text[:1] + "*" * max(len(text) - 1, 1)


def _ends(value: Any, head: int, tail: int) -> str:
    text = str(value)
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def _address(value: Any) -> str:
    return NUMBERS.sub("", str(value))[:ADDRESS_KEPT] + "***"


def _text(value: Any) -> str:
    return NAMES.sub(r"\1**", NUMBERS.sub("***", str(value)))


def _point(value: Any) -> Any:
    """The centre of the grid cell, so that the true place cannot be told."""
    centre = value.centroid if isinstance(value, GEOSGeometry) else Point(value)
    x, y = (GRID_DEGREES * (int(part // GRID_DEGREES) + 0.5) for part in (centre.x, centre.y))
    return Point(round(x, 6), round(y, 6), srid=4326)


def _year(value: Any) -> str:
    return str(value.year if isinstance(value, date) else value)[:4]


def _band(value: Any) -> str:
    low = int(value) // 10 * 10
    return f"{low}-{low + 9}"


MASKS: dict[Mask, Callable[[Any], Any]] = {
    Mask.NAME: _name,
    Mask.PHONE: lambda value: _ends(value, 3, 4),
    Mask.IDENTITY: lambda value: _ends(value, 3, 4),
    Mask.ADDRESS: _address,
    Mask.TEXT: _text,
    Mask.POINT: _point,
    Mask.YEAR: _year,
    Mask.BAND: _band,
}


def masked(value: Any, decision: Decision) -> Any:
    """The value as it may leave: itself, its mask, or None when it is hidden or empty."""
    if decision.is_clear or value is None or value == "":
        return value
    if decision.outcome is Outcome.HIDDEN:
        return None
    return MASKS[decision.mask](value)
