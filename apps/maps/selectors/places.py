"""Where a feature may be shown: its true place, or the centre of its grid cell where places are masked.

A masked place must also decide which features a box or a tile holds: selecting by the true place would let a
caller find it by asking for ever smaller boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import atan, degrees, pi, sinh
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Polygon
from django.db.models import Case, F, Func, Q, QuerySet, Value, When

from apps.maps.selectors.layers import LayerView

DEGREES, METRES = GeometryField(srid=4326), GeometryField(srid=3857)
SNAP = "ST_SnapToGrid(%(expressions)s, {half}, {half}, {size}, {size})"


def cell_centre() -> Func:
    """The centre of the grid cell of ``geometry``, as ``Mask.POINT`` gives it."""
    size = float(settings.PRIVACY_GRID_DEGREES)
    template = SNAP.format(size=size, half=size / 2)
    return Func(Func(F("geometry"), function="ST_Centroid"), template=template, output_field=DEGREES)


def shown_place(view: LayerView) -> F | Func | Case:
    """The place of each row as the viewer may see it: the true one, or the centre of its cell."""
    if not view.is_coarse:
        return F("geometry")
    if (own := view.own_rows) is None:
        return cell_centre()
    return Case(When(own, then=F("geometry")), default=cell_centre(), output_field=DEGREES)


def place_mercator(view: LayerView) -> F | Func:
    """The geometry to draw, in EPSG:3857."""
    if not view.is_coarse:
        return F("geometry_3857")
    return Func(shown_place(view), Value(3857), function="ST_Transform", output_field=METRES)


def rows_within(view: LayerView, boxes: Sequence[Polygon]) -> QuerySet[Any]:
    """The rows whose shown place meets one of ``boxes``, given in degrees."""
    if not view.is_coarse:
        return view.rows.filter(_meets("geometry", boxes))
    rows = rows_around(view, *boxes).alias(shown=shown_place(view))
    shown: QuerySet[Any] = rows.filter(_meets("shown", boxes))
    return shown


def rows_around(view: LayerView, *boxes: Polygon) -> QuerySet[Any]:
    """The rows within a grid cell's width of a box, in degrees: all whose masked place can lie in it."""
    return view.rows.filter(_meets("geometry", [_widened(box) for box in boxes]))


def _meets(name: str, boxes: Sequence[Polygon]) -> Q:
    return reduce(or_, (Q(**{f"{name}__bboverlaps": box}) for box in boxes))


def _widened(box: Polygon) -> Polygon:
    west, south, east, north = box.extent
    spare = settings.PRIVACY_GRID_DEGREES
    wide = Polygon.from_bbox((west - spare, south - spare, east + spare, north + spare))
    wide.srid = 4326
    return wide


def tile_degrees(zoom: int, x: int, y: int) -> Polygon:
    """The square of a tile as a box in degrees (EPSG:4326)."""
    count = 1 << zoom
    west, east = (360 * column / count - 180 for column in (x, x + 1))
    north, south = (degrees(atan(sinh(pi * (1 - 2 * row / count)))) for row in (y, y + 1))
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return box
