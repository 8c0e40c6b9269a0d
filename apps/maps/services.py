"""Writes of the maps app: telling the tile cache that a layer has changed."""

from __future__ import annotations

from django.core.cache import cache

from apps.maps.selectors.tiles import VERSION_KEY


def layer_touch(layer_id: str) -> None:
    """Make every cached tile of a layer stale at once."""
    key = VERSION_KEY.format(layer_id)
    cache.add(key, 0, None)
    cache.incr(key)
