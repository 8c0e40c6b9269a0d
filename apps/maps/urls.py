"""Addresses of the tiles, below ``/tiles/``."""

from __future__ import annotations

from django.urls import path

from apps.maps.answers.tilejson import tilejson_answer
from apps.maps.answers.tiles import tile_answer
from apps.maps.doors.served import served

urlpatterns = [
    path("<str:layer>/<int:z>/<int:x>/<int:y>.mvt", served(tile_answer), name="tile"),
    path("<str:layer>.json", served(tilejson_answer), name="tilejson"),
]
