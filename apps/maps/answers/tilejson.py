"""TileJSON 3.0: what a map library needs to know to draw a layer, as the caller may see it."""

from __future__ import annotations

from typing import Any

import orjson

from apps.maps.data import Answer, Asked
from apps.maps.selectors import LayerView, layer_summary, layer_view
from apps.maps.selectors.schemas import tile_fields
from apps.maps.selectors.tiles import DEEPEST

WORLD = [-180.0, -85.051129, 180.0, 85.051129]


def tilejson_answer(asked: Asked, *, layer: str) -> Answer:
    """The description of one layer's tiles."""
    view = layer_view(layer, asked.viewer)
    return Answer(orjson.dumps(tilejson(view, base=asked.base)), "application/json")


def tilejson(view: LayerView, *, base: str) -> dict[str, Any]:
    """Title, bounds, zooms, and the fields that the viewer sees clear."""
    layer, title = view.layer, str(view.layer.title)
    zooms = {"minzoom": layer.min_zoom, "maxzoom": DEEPEST}
    return {
        "tilejson": "3.0.0",
        "name": title,
        "description": f"{view.domain.title}: {title}",
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{view.id}/{{z}}/{{x}}/{{y}}.mvt"],
        "bounds": layer_summary(view)["bounds"] or WORLD,
        **zooms,
        "vector_layers": [{"id": view.id, "description": title, "fields": tile_fields(view), **zooms}],
    }
