"""One vector tile, under our own address and under that of OGC API Tiles."""

from __future__ import annotations

from apps.audit.services import seen
from apps.maps.data import Answer, Asked
from apps.maps.selectors import layer_view, tile_bytes, tile_objects, tile_tag

MVT = "application/vnd.mapbox-vector-tile"


def tile_answer(asked: Asked, *, layer: str, z: int, x: int, y: int) -> Answer:
    """The tile; 304 when the caller has it already, an empty 204 where nothing lies."""
    view, place = layer_view(layer, asked.viewer, on_map=True), {"zoom": z, "x": x, "y": y}
    seen(view.model._meta.label, tile_objects(view, **place), view.properties)
    tag = tile_tag(view, **place) if asked.tag else ""
    if tag and asked.has(tag):
        return Answer(b"", MVT, 304, tag)
    found = tile_bytes(view, **place)
    if asked.has(found.etag):
        return Answer(b"", MVT, 304, found.etag)
    return Answer(found.data, MVT, 200 if found.data else 204, found.etag)
