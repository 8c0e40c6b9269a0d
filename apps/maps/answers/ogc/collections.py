"""The collections: one for each layer that the caller may see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.maps.answers.ogc.links import CRS84, GEOJSON, link, root, self_links
from apps.maps.answers.ogc.pages import document, parameters_check
from apps.maps.data import Answer, Asked
from apps.maps.selectors import LayerView, layer_summary, layer_view, layers_visible


def collections_answer(asked: Asked) -> Answer:
    """Every collection."""
    parameters_check(asked)
    found = [collection_json(asked, view) for view in layers_visible(asked.viewer)]
    return document(asked, {"title": _("Collections"), "links": self_links(asked), "collections": found})


def collection_answer(asked: Asked, *, layer: str) -> Answer:
    """One collection."""
    parameters_check(asked)
    return document(asked, collection_json(asked, layer_view(layer, asked.viewer)))


def collection_json(asked: Asked, view: LayerView) -> dict[str, Any]:
    """Title, extent and links of a layer."""
    here = f"{root(asked)}/collections/{view.id}"
    bounds = layer_summary(view)["bounds"]
    extent = {"extent": {"spatial": {"bbox": [bounds], "crs": CRS84}}} if bounds else {}
    tiles = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
    links = [
        link(here, rel="self"),
        link(f"{here}/items", rel="items", kind=GEOJSON, title=str(view.layer.title)),
        link(f"{here}/items?f=html", rel="items", kind="text/html", title=str(view.layer.title)),
        link(f"{here}/tiles", rel=tiles, title=_("Vector tiles")),
        link(f"{asked.base}/tiles/{view.id}.json", rel="alternate", title="TileJSON"),
    ]
    return {
        "id": view.id,
        "title": str(view.layer.title),
        "description": f"{view.domain.title}: {view.layer.title}",
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        **extent,
        "links": links,
    }
