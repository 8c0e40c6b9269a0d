"""The tile set of a collection (OGC API Tiles 1.0, OGC Two Dimensional Tile Matrix Set 2.0)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.maps.answers.ogc.links import MERCATOR, MERCATOR_QUAD, MVT, link, root, self_links
from apps.maps.answers.ogc.pages import document, parameters_check
from apps.maps.data import Answer, Asked
from apps.maps.selectors import LayerView, layer_summary, layer_view
from apps.maps.selectors.schemas import property_schemas

DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}


def tilesets_answer(asked: Asked, *, layer: str) -> Answer:
    """The tile sets of a collection: one, in web mercator."""
    parameters_check(asked)
    view = layer_view(layer, asked.viewer)
    return document(asked, {"links": self_links(asked), "tilesets": [tileset_json(asked, view)]})


def tileset_answer(asked: Asked, *, layer: str) -> Answer:
    """The tile set, with the fields that the caller sees clear."""
    parameters_check(asked)
    view = layer_view(layer, asked.viewer)
    fields = {"type": "object", "properties": property_schemas(view)}
    dimension = DIMENSIONS[view.layer.geometry]
    layers = [
        {"id": view.id, "dataType": "vector", "geometryDimension": dimension, "propertiesSchema": fields}
    ]
    return document(asked, {**tileset_json(asked, view), "layers": layers})


def tileset_json(asked: Asked, view: LayerView) -> dict[str, Any]:
    """Title, projection, bounds and the address of the tiles."""
    here = f"{root(asked)}/collections/{view.id}/tiles/WebMercatorQuad"
    tiles = link(
        f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", rel="item", kind=MVT, title=_("Vector tiles")
    )
    scheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
    bounds = layer_summary(view)["bounds"]
    box = {"boundingBox": {"lowerLeft": bounds[:2], "upperRight": bounds[2:]}} if bounds else {}
    return {
        "title": str(view.layer.title),
        "dataType": "vector",
        "crs": MERCATOR,
        "tileMatrixSetURI": MERCATOR_QUAD,
        **box,
        "links": [link(here, rel="self"), {**tiles, "templated": True}, link(MERCATOR_QUAD, rel=scheme)],
    }
