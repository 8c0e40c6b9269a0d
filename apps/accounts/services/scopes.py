"""Which ``write:`` scopes exist: one for each thing that a key may change, by REST or by SensorThings."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.data import WRITE, write_scope

ROOT = "api/v1/"
UNSAFE = {"post", "put", "patch", "delete"}
# Entities that SensorThings changes and the REST API only reads.
ENTITIES = ("locations", "historical-locations", "sensors", "observed-properties", "features-of-interest")
OF_SENSORTHINGS = frozenset(f"{WRITE}sensing.{name}" for name in ENTITIES)


@cache
def write_scopes() -> frozenset[str]:
    """``write:<app>.<thing>`` for each thing with a method that changes something."""
    found = (one for one in get_resolver().url_patterns if str(one.pattern) == ROOT)
    views = [view for one in found if isinstance(one, URLResolver) for view in one.url_patterns]
    return OF_SENSORTHINGS | frozenset(
        scope
        for view in views
        if isinstance(view, URLPattern) and _changes(view.callback)
        if (scope := write_scope(f"/{ROOT}{str(view.pattern).lstrip('^')}"))
    )


def _changes(view: Any) -> bool:
    """Whether a view answers one of the unsafe methods."""
    actions = getattr(view, "actions", None)
    methods = dir(view.view_class) if actions is None else actions
    return not UNSAFE.isdisjoint(methods)
