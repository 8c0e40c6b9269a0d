"""Geometry fields: stored in WGS 84 (EPSG:4326), mirrored in EPSG:3857 for the tile queries."""

from __future__ import annotations

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Transform
from django.db.models import GeneratedField


def mercator_field(source: str = "geometry") -> GeneratedField:
    """A stored copy of ``source`` in web mercator, kept by the database itself."""
    return GeneratedField(
        expression=Transform(source, 3857),
        output_field=GeometryField(srid=3857),
        db_persist=True,
        editable=False,
    )
