"""The API routes of every installed app of ours, found by their ``api`` modules."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter


def route_name(route: str) -> str:
    """``series/<int:pk>/`` -> ``series-pk``."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"\1", route).strip("/").replace("/", "-")


def api_urls() -> list[URLPattern | URLResolver]:
    """``<app>/<name>/`` for each entry of ``ROUTES`` (view sets) and ``VIEWS`` (single views)."""
    router, urls = SimpleRouter(), []
    for config in apps.get_app_configs():
        if not config.name.startswith("apps.") or find_spec(f"{config.name}.api") is None:
            continue
        module = import_module(f"{config.name}.api")
        for name, viewset in getattr(module, "ROUTES", {}).items():
            router.register(f"{config.label}/{name}", viewset, basename=f"{config.label}-{name}")
        for route, view in getattr(module, "VIEWS", {}).items():
            urls.append(
                path(f"{config.label}/{route}", view.as_view(), name=f"{config.label}-{route_name(route)}")
            )
    return [*urls, *router.urls]
