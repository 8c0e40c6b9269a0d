"""``uvicorn benchmarks.tiles_peer:application``: the usual queries, without login, policy or cache.

Tiles: the envelope in a common table expression and the geometry transformed row by row, as tutorials have
it. Features: rows with ``ST_AsGeoJSON``, ``OFFSET``, and the number of all that match on every page.
"""

from __future__ import annotations

import json
import os

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.peers import peer_application

os.environ.setdefault("DATABASE_POOL", "10")  # as our web process
QUERY = """
    WITH bounds AS (SELECT ST_TileEnvelope(%s, %s, %s) AS box),
    tile AS (
        SELECT id, code, name, category, priority,
               ST_AsMVTGeom(ST_Transform(geometry, 3857), bounds.box) AS mvt
          FROM city_inspectionsite, bounds
         WHERE geometry && ST_Transform(bounds.box, 4326)
    )
    SELECT ST_AsMVT(tile, 'city.sites', 4096, 'mvt', 'id') FROM tile
"""

WHERE = "geometry && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
COUNT = "SELECT count(*) FROM city_inspectionsite WHERE {where}"
ITEMS = """
    SELECT id, code, name, category, priority, last_inspected_at, ST_AsGeoJSON(geometry, 6)
      FROM city_inspectionsite WHERE {where} ORDER BY id LIMIT %s OFFSET %s
"""
NAMES = ("code", "name", "category", "priority", "last_inspected_at")


def items(request: HttpRequest) -> HttpResponse:
    """One page of features."""
    box = request.GET.get("bbox", "")
    where, place = (WHERE, [float(part) for part in box.split(",")]) if box else ("true", [])
    limit, offset = int(request.GET.get("limit", 10)), int(request.GET.get("offset", 0))
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(where=where), place)
        (matched,) = cursor.fetchone()
        cursor.execute(ITEMS.format(where=where), [*place, limit, offset])
        features = [
            {
                "type": "Feature",
                "id": key,
                "geometry": json.loads(shape),
                "properties": dict(zip(NAMES, values, strict=True)),
            }
            for key, *values, shape in cursor.fetchall()
        ]
    body = {"type": "FeatureCollection", "numberMatched": matched, "features": features}
    return HttpResponse(json.dumps(body, default=str), content_type="application/geo+json")


def tile(_request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One tile."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, (z, x, y))
        return HttpResponse(bytes(cursor.fetchone()[0]), content_type="application/vnd.mapbox-vector-tile")


def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the process answers."""
    return HttpResponse()


urlpatterns = [
    path("tiles/city.sites/<int:z>/<int:x>/<int:y>.mvt", tile),
    path("items", items),
    path("healthz", healthz),
]
application = peer_application("benchmarks.tiles_peer")
