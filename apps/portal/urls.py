"""Addresses of the portal app."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.i18n import JavaScriptCatalog

from apps.portal.views.map import live_map

urlpatterns: list[URLPattern] = [
    path("map/", live_map, name="live_map"),
    path("jsi18n/", JavaScriptCatalog.as_view(domain="djangojs"), name="map_texts"),
]
