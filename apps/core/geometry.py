"""Geometry fields: stored in WGS 84 (EPSG:4326), mirrored in EPSG:3857 for the tile queries."""

from __future__ import annotations

import json
from typing import Any

import shapely
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db.models import GeneratedField


def mercator_field(source: str = "geometry") -> GeneratedField:
    """A stored copy of ``source`` in web mercator, kept by the database itself."""
    return GeneratedField(
        expression=Transform(source, 3857),
        output_field=GeometryField(srid=3857),
        db_persist=True,
        editable=False,
    )


def geojson_read(value: Any) -> GEOSGeometry:
    """The geometry of a decoded GeoJSON object (RFC 7946) in WGS 84, heights left out.

    Read by GEOS and not by GDAL, which reports what it dislikes past the caller, as warnings and log lines.
    Raises ``ValueError`` for whatever is no geometry.
    """
    try:
        found = shapely.from_geojson(json.dumps(value, allow_nan=False))
        return GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(found))), srid=4326)
    except (shapely.errors.ShapelyError, GEOSException, TypeError, ValueError, RecursionError) as error:
        raise ValueError("This is no GeoJSON geometry.") from error
