"""Vector tiles (Mapbox Vector Tile 2.1) straight from PostGIS.

The envelope goes into the query as a literal: a common table expression would block the parallel plan.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.cache import cache
from django.db.models import Func, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from apps.audit.selectors.personal import personal_types
from apps.core.errors import ProblemError
from apps.maps.selectors.layers import LayerView
from apps.maps.selectors.places import place_mercator, rows_around, tile_degrees
from apps.maps.selectors.running import row_fetch
from apps.maps.selectors.summaries import layer_exceeds

WORLD = 20_037_508.342789244  # half the width of web mercator, metres (EPSG:3857)
DEEPEST = 22
BUFFER = 64 / 4096  # of the tile's width, so that lines meet across tiles
CLUSTER_ABOVE, CLUSTER_BELOW_ZOOM, CLUSTER_CELLS = 20_000, 12, 64
TILE_SECONDS = 60  # a bulk write announces nothing: its rows appear within this time
VERSION_KEY = "maps:version:{}"
# No "WHERE mvt IS NOT NULL": it would be worked out twice for each row, and ST_AsMVT passes over such rows.
MVT = "SELECT ST_AsMVT(tile, %s, 4096, 'mvt', 'id') FROM ({}) AS tile"
CLUSTERS = """
    SELECT ST_AsMVT(tile, %s, 4096, 'mvt') FROM (
        SELECT count, ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(east * %s, north * %s), 3857),
                                   ST_GeomFromEWKB(%s)) AS mvt
          FROM (SELECT count(*) AS count, round(ST_X(shown) / %s) AS east, round(ST_Y(shown) / %s) AS north
                  FROM ({}) AS rows GROUP BY 2, 3) AS cells
    ) AS tile
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile and the tag that changes with its bytes and with the viewer's rights."""

    data: bytes
    etag: str


def tile_tag(view: LayerView, *, zoom: int, x: int, y: int) -> str:
    """The tag of the tile as it is in the cache, without its bytes; "" when it must be drawn anew."""
    name, key = _keys(view, zoom, x, y)
    found = cache.get_many((name, f"{key}:tag"))
    drawn_of, tag = found.get(f"{key}:tag", (None, ""))
    return str(tag) if drawn_of == found.get(name, 0) else ""


def tile_objects(view: LayerView, *, zoom: int, x: int, y: int) -> list[int]:
    """Ids of the people's rows that the tile shows one by one; none of other layers or behind counts."""
    _keys(view, zoom, x, y)
    if view.model._meta.label not in personal_types() or _is_crowded(view, zoom):
        return []
    return list(_rows(view, zoom, x, y).values_list("pk", flat=True))


def tile_bytes(view: LayerView, *, zoom: int, x: int, y: int) -> Tile:
    """The tile, from the cache when nothing has changed; 404 for an address outside the pyramid."""
    name, key = _keys(view, zoom, x, y)
    found = cache.get_many((name, key))
    version, (drawn_of, tag, data) = found.get(name, 0), found.get(key, (None, "", b""))
    if drawn_of != version:
        data = _render(view, zoom, x, y)
        tag = f'"{hashlib.blake2b(view.cache_key.encode() + data, digest_size=12).hexdigest()}"'
        cache.set_many({key: (version, tag, data), f"{key}:tag": (version, tag)}, TILE_SECONDS)
    return Tile(data, tag)


def _keys(view: LayerView, zoom: int, x: int, y: int) -> tuple[str, str]:
    if not 0 <= zoom <= DEEPEST or not 0 <= x < 1 << zoom or not 0 <= y < 1 << zoom:
        raise ProblemError(_("There is no such tile; zoom, column or row is out of range."), "z", 404, "tile")
    return VERSION_KEY.format(view.id), f"maps:tile:{view.cache_key}:{zoom}/{x}/{y}"


def tile_envelope(zoom: int, x: int, y: int, *, buffer: float = 0.0) -> Polygon:
    """The square of a tile in EPSG:3857, widened by ``buffer`` tile widths."""
    width = 2 * WORLD / (1 << zoom)
    west, north = -WORLD + x * width, WORLD - y * width
    spare = buffer * width
    envelope = Polygon.from_bbox((west - spare, north - width - spare, west + width + spare, north + spare))
    envelope.srid = 3857
    return envelope


def _render(view: LayerView, zoom: int, x: int, y: int) -> bytes:
    rows = _rows(view, zoom, x, y)
    if _is_crowded(view, zoom):
        return _clusters(view, rows, tile_envelope(zoom, x, y), zoom)
    envelope = Func(Value(zoom), Value(x), Value(y), function="ST_TileEnvelope", output_field=TextField())
    shape = Func(place_mercator(view), envelope, function="ST_AsMVTGeom", output_field=TextField())
    query, parameters = rows.values("id", *view.properties).annotate(mvt=shape).query.sql_with_params()
    return _drawn(MVT.format(query), (view.id, *parameters))


def _is_crowded(view: LayerView, zoom: int) -> bool:
    """Whether the tile shows counts by grid cell instead of points."""
    may_crowd = view.layer.geometry == "point" and zoom < CLUSTER_BELOW_ZOOM
    return may_crowd and layer_exceeds(view, CLUSTER_ABOVE)


def _rows(view: LayerView, zoom: int, x: int, y: int) -> QuerySet[Any]:
    """The rows that can show in the tile, in no order: sorting them would cost more than drawing."""
    if view.is_coarse:
        return rows_around(view, tile_degrees(zoom, x, y)).order_by()
    return view.rows.filter(geometry_3857__bboverlaps=tile_envelope(zoom, x, y, buffer=BUFFER)).order_by()


def _clusters(view: LayerView, rows: QuerySet[Any], envelope: Polygon, zoom: int) -> bytes:
    """Counts by grid cell instead of every point."""
    query, parameters = rows.values_list("id").annotate(shown=place_mercator(view)).query.sql_with_params()
    size = 2 * WORLD / (1 << zoom) / CLUSTER_CELLS
    cell = (size, size)
    return _drawn(CLUSTERS.format(query), (view.id, *cell, bytes(envelope.ewkb), *cell, *parameters))


def _drawn(query: str, parameters: tuple[Any, ...]) -> bytes:
    return bytes(row_fetch(query, parameters, name="z")[0] or b"")
