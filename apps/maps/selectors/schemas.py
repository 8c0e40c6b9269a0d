"""What the properties of a layer are called and made of, as JSON Schema and as TileJSON say it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.text import capfirst

from apps.maps.selectors.geojson import LIVE, shows_readings
from apps.maps.selectors.layers import LayerView

KINDS: dict[type[models.Field[Any, Any]], dict[str, str]] = {
    models.BooleanField: {"type": "boolean"},
    models.IntegerField: {"type": "integer"},
    models.FloatField: {"type": "number"},
    models.DecimalField: {"type": "number"},
    models.DateTimeField: {"type": "string", "format": "date-time"},
    models.DateField: {"type": "string", "format": "date"},
}
READINGS = dict(
    zip(
        LIVE,
        ({"type": "number"}, {"type": "string", "format": "date-time"}, {"type": "integer"}),
        strict=True,
    )
)
TILE_TYPES = {"boolean": "Boolean", "integer": "Number", "number": "Number"}


def property_schemas(view: LayerView) -> dict[str, dict[str, Any]]:
    """Name -> JSON Schema of each property that the viewer gets, readings included."""
    fields = {field.name: field for field in view.model._meta.concrete_fields}
    found = {name: field_schema(fields[name]) for name in view.properties}
    return found | (READINGS if shows_readings(view) else {})


def field_schema(field: models.Field[Any, Any]) -> dict[str, Any]:
    """Type, title and, for a choice, the values of one field."""
    kind = next((kind for base, kind in KINDS.items() if isinstance(field, base)), {"type": "string"})
    schema: dict[str, Any] = {**kind, "title": capfirst(str(field.verbose_name))}
    return schema | ({"enum": [value for value, _title in field.flatchoices]} if field.choices else {})


def tile_fields(view: LayerView) -> dict[str, str]:
    """Name -> ``String``, ``Number`` or ``Boolean``, as TileJSON 3.0 describes the fields of a tile."""
    schemas = {name: schema for name, schema in property_schemas(view).items() if name not in LIVE}
    counted = {"count": "Number"} if view.layer.geometry == "point" else {}
    return {name: TILE_TYPES.get(schema["type"], "String") for name, schema in schemas.items()} | counted
