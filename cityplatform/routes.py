"""The API routes of every installed app of ours, found by their ``api`` modules."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import IntegerField, UUIDField
from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

KEYS = ((IntegerField, "[0-9]{1,19}"), (UUIDField, "[0-9a-fA-F-]{32,36}"))


def route_name(route: str) -> str:
    """``series/<int:pk>/`` -> ``series-pk``."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"\1", route).strip("/").replace("/", "-")


class AsciiRouter(SimpleRouter):
    """A row is named by ASCII signs wherever its key is a number; ``int`` would read digits of any script."""

    def get_lookup_regex(self, viewset: Any, lookup_prefix: str = "") -> str:
        """As the router; digits where rows are counted, hexadecimal ones where their key is a UUID."""
        queryset, name = getattr(viewset, "queryset", None), getattr(viewset, "lookup_field", "pk")
        if queryset is None:
            return super().get_lookup_regex(viewset, lookup_prefix)
        meta = queryset.model._meta
        field = meta.pk if name == "pk" else meta.get_field(name)
        target = getattr(field, "target_field", field)
        for kind, signs in KEYS:
            if isinstance(target, kind):
                return f"(?P<{lookup_prefix}{name}>{signs})"
        return super().get_lookup_regex(viewset, lookup_prefix)


def api_urls() -> list[URLPattern | URLResolver]:
    """``<app>/<name>/`` for each entry of ``ROUTES`` (view sets) and ``VIEWS`` (single views)."""
    router, urls = AsciiRouter(), []
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
