"""Coordinates: the centre of a grid cell, so that the true place cannot be told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, Point

DIGITS = 6


def cell_centre(x: float, y: float, *, size: float) -> tuple[float, float]:
    """The centre of the cell of ``size`` degrees that holds the place; cells are counted from 0, 0."""
    east, north = (round((part // size + 0.5) * size, DIGITS) for part in (x, y))
    return east, north


def point_masked(value: Any) -> Point:
    """The centre of the cell of ``PRIVACY_GRID_DEGREES``; a line or an area counts by its centroid.

    0.01 degrees are 1.1 km from south to north and 1.0 km from west to east at 24 degrees north.
    """
    centre = value.centroid if isinstance(value, GEOSGeometry) else Point(value)
    return Point(*cell_centre(centre.x, centre.y, size=settings.PRIVACY_GRID_DEGREES), srid=4326)
