"""How much a layer holds and where, cheaply."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import Extent
from django.core.cache import cache

from apps.maps.selectors.layers import LayerView
from apps.maps.selectors.places import shown_place

SUMMARY_SECONDS = 60


def layer_summary(view: LayerView) -> dict[str, Any]:
    """Number of rows and bounds ``[west, south, east, north]`` (None when empty), remembered for a minute."""
    key = f"maps:summary:{view.cache_key}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        bounds = view.rows.aggregate(extent=Extent(shown_place(view)))["extent"]
        found = {"count": view.rows.count(), "bounds": list(bounds) if bounds else None}
        cache.set(key, found, SUMMARY_SECONDS)
    return found


def layer_exceeds(view: LayerView, most: int) -> bool:
    """Whether the layer holds more than ``most`` rows; counts no further, and remembers for a minute."""
    key = f"maps:exceeds:{view.cache_key}:{most}"
    found: bool | None = cache.get(key)
    if found is None:
        found = view.rows.order_by()[: most + 1].count() > most
        cache.set(key, found, SUMMARY_SECONDS)
    return found
