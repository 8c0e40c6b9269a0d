"""The parameters of the items, as OpenAPI 3.0 describes them."""

from __future__ import annotations

from typing import Any

from apps.maps.answers.ogc.items import MOST, MOST_SKIPPED, USUAL
from apps.maps.answers.ogc.links import CRS84
from apps.maps.selectors import LayerView
from apps.maps.selectors.schemas import property_schemas

BOX = {
    "type": "array",
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    "items": {"type": "number"},
}


def query(name: str, schema: dict[str, Any], description: str = "", **more: Any) -> dict[str, Any]:
    """One parameter in the query."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
        **more,
    }


PARAMETERS = {
    "f": query("f", {"type": "string", "enum": ["json", "html"]}, "Form of the answer."),
    "bbox": query("bbox", BOX, "west,south,east,north in degrees (WGS 84).", style="form", explode=False),
    "datetime": query(
        "datetime", {"type": "string"}, "Time of the newest reading: a moment or start/end (.. is open)."
    ),
    "limit": query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        f"Features on a page; a number above {MOST} is read as {MOST}.",
    ),
    "cursor": query("cursor", {"type": "integer", "minimum": 0}, "From the link next of the page before."),
    "offset": query(
        "offset", {"type": "integer", "minimum": 0, "maximum": MOST_SKIPPED}, "Slow; the link next is better."
    ),
    "crs": query("crs", {"type": "string", "enum": [CRS84]}, "Reference system of the answer."),
    "bbox-crs": query("bbox-crs", {"type": "string", "enum": [CRS84]}, "Reference system of bbox."),
    "resultType": query("resultType", {"type": "string", "enum": ["results", "hits"]}, "hits only counts."),
}


def item_parameters(view: LayerView) -> list[dict[str, Any]]:
    """References to the shared parameters, and a filter for each property that the caller sees clear."""
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]
    schemas = property_schemas(view)
    return shared + [query(name, schemas[name], schemas[name]["title"]) for name in view.properties]
