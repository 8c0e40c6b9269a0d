"""Reading the parameters of a feature query: each fault names its parameter and the fix."""

from __future__ import annotations

from datetime import datetime

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


def period_read(text: str) -> tuple[datetime | None, datetime | None] | None:
    """The period ``start/end``, where ``..`` leaves an end open; None for an empty text."""
    if not text:
        return None
    if text.count("/") != 1:
        raise ProblemError(_("Give start/end, such as 2026-01-31T08:00:00Z/.."), "time")
    begin, end = (None if part in {"", OPEN} else _moment(part) for part in text.split("/"))
    if begin and end and begin > end:
        raise ProblemError(_("The period ends before it begins."), "time")
    return begin, end


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ProblemError(_("Give times with their zone, such as 2026-01-31T08:00:00Z."), "time")
    return moment
