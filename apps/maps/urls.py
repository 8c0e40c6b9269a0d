"""Addresses of the maps app."""

from __future__ import annotations

from django.urls import path

from apps.maps.views import tile

urlpatterns = [path("<str:layer>/<int:z>/<int:x>/<int:y>.mvt", tile, name="tile")]
