"""Reading the parameters of a feature query: each fault names its parameter and the fix."""

from __future__ import annotations

from datetime import datetime
from math import isfinite

from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.core.moments import moment_queried

EAST, NORTH = 180, 90  # degrees
OPEN = ".."


def bbox_read(text: str) -> Polygon | None:
    """The box ``west,south,east,north``; None for an empty text."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ProblemError(_("Give west,south,east,north in degrees."), "bbox") from None
    if not (-EAST <= west < east <= EAST and -NORTH <= south < north <= NORTH):
        raise ProblemError(
            _("Longitudes lie from -180 to 180, latitudes from -90 to 90, west and south first."), "bbox"
        )
    return _box(west, south, east, north)


def box_read(text: str) -> tuple[Polygon, ...]:
    """A box as OGC clients send it: 4 or 6 numbers, cut to the world, a side may have no width.

    One that begins east of where it ends crosses the 180th meridian and comes as two (OGC 17-069r4, 7.15.3);
    none for an empty text.
    """
    if not text:
        return ()
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {4, 6} or not all(isfinite(number) for number in numbers):
        raise ProblemError(_("Give west,south,east,north in degrees."), "bbox")
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if south > north:
        raise ProblemError(
            _("Longitudes lie from -180 to 180, latitudes from -90 to 90, west and south first."), "bbox"
        )
    sides = [(west, east)] if west <= east else [(west, EAST), (-EAST, east)]
    return tuple(
        _box(_cut(left, EAST), _cut(south, NORTH), _cut(right, EAST), _cut(north, NORTH))
        for left, right in sides
    )


def _box(west: float, south: float, east: float, north: float) -> Polygon:
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return box


def _cut(value: float, most: int) -> float:
    return min(max(value, -most), most)


def period_read(text: str, *, name: str = "time") -> tuple[datetime | None, datetime | None] | None:
    """The period ``start/end``, where ``..`` leaves an end open; None for an empty text."""
    if not text:
        return None
    if text.count("/") != 1:
        raise ProblemError(_("Give start/end, such as 2026-01-31T08:00:00Z/.."), name)
    begin, end = (None if part in {"", OPEN} else moment_queried(part, name) for part in text.split("/"))
    if begin and end and begin > end:
        raise ProblemError(_("The period ends before it begins."), name)
    return begin, end


def span_read(text: str, *, name: str) -> tuple[datetime | None, datetime | None] | None:
    """A period, or one moment as the period that begins and ends with it; None for an empty text."""
    return period_read(text if "/" in text or not text else f"{text}/{text}", name=name)
