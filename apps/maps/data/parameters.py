"""Reading the parameters of a feature query: each fault names its parameter and the fix."""

from __future__ import annotations

from datetime import datetime
from math import isfinite

from django.contrib.gis.geos import Polygon
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

EAST, NORTH = 180, 90  # degrees
MOST_DIGITS = 19
OPEN = ".."


def number_read(text: str, *, name: str, low: int, high: int) -> int:
    """A whole number in its range."""
    if not text.isdecimal() or len(text) > MOST_DIGITS or not low <= int(text) <= high:
        raise ProblemError(
            _("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}, name
        )
    return int(text)


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
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return box


def box_read(text: str) -> Polygon | None:
    """A box as OGC clients send it: 4 or 6 numbers, cut to the world, a side may have no width."""
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {4, 6} or not all(isfinite(number) for number in numbers):
        raise ProblemError(_("Give west,south,east,north in degrees."), "bbox")
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if west > east or south > north:
        raise ProblemError(
            _("Longitudes lie from -180 to 180, latitudes from -90 to 90, west and south first."), "bbox"
        )
    box = Polygon.from_bbox((_cut(west, EAST), _cut(south, NORTH), _cut(east, EAST), _cut(north, NORTH)))
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
    begin, end = (None if part in {"", OPEN} else _moment(part, name) for part in text.split("/"))
    if begin and end and begin > end:
        raise ProblemError(_("The period ends before it begins."), name)
    return begin, end


def span_read(text: str, *, name: str) -> tuple[datetime | None, datetime | None] | None:
    """A period, or one moment as the period that begins and ends with it; None for an empty text."""
    return period_read(text if "/" in text or not text else f"{text}/{text}", name=name)


def _moment(text: str, name: str) -> datetime:
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ProblemError(_("Give times with their zone, such as 2026-01-31T08:00:00Z."), name)
    return moment
