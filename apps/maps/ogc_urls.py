"""Addresses of OGC API Features and Tiles, below ``/ogc/``."""

from __future__ import annotations

from django.urls import path

from apps.maps.answers.ogc.collections import collection_answer, collections_answer
from apps.maps.answers.ogc.items import item_answer, items_answer
from apps.maps.answers.ogc.landing import conformance_answer, landing_answer
from apps.maps.answers.ogc.openapi import api_answer
from apps.maps.answers.ogc.tilesets import tileset_answer, tilesets_answer
from apps.maps.answers.tiles import tile_answer
from apps.maps.doors.served import served

LAYER = "collections/<str:layer>"
TILES = f"{LAYER}/tiles/WebMercatorQuad"
urlpatterns = [
    path("", served(landing_answer), name="ogc-landing"),
    path("conformance", served(conformance_answer), name="ogc-conformance"),
    path("api", served(api_answer), name="ogc-api"),
    path("collections", served(collections_answer), name="ogc-collections"),
    path(LAYER, served(collection_answer), name="ogc-collection"),
    path(f"{LAYER}/items", served(items_answer), name="ogc-items"),
    path(f"{LAYER}/items/<int:pk>", served(item_answer), name="ogc-item"),
    path(f"{LAYER}/tiles", served(tilesets_answer), name="ogc-tilesets"),
    path(TILES, served(tileset_answer), name="ogc-tileset"),
    path(f"{TILES}/<int:z>/<int:y>/<int:x>", served(tile_answer), name="ogc-tile"),
]
