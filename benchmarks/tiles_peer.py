"""``uvicorn benchmarks.tiles_peer:application``: the usual tile query, without login, policy or cache.

The envelope in a common table expression and the geometry transformed row by row, as tutorials have it.
"""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cityplatform.settings.databases import DATABASE_URL, database_from_url

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
settings.ROOT_URLCONF = "benchmarks.tiles_peer"
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # sets Content-Length
settings.DATABASES = {"default": database_from_url(DATABASE_URL, pool=10)}  # as our web process
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


def tile(_request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One tile."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, (z, x, y))
        return HttpResponse(bytes(cursor.fetchone()[0]), content_type="application/vnd.mapbox-vector-tile")


def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the process answers."""
    return HttpResponse()


urlpatterns = [path("tiles/city.sites/<int:z>/<int:x>/<int:y>.mvt", tile), path("healthz", healthz)]
application = get_asgi_application()
