"""Questions about map layers: what they hold, as tiles and as features."""

from __future__ import annotations

from apps.maps.selectors.baselines import layer_comparisons
from apps.maps.selectors.features import Wanted, feature_get, features_page
from apps.maps.selectors.layers import LayerView, layer_view, layers_visible
from apps.maps.selectors.summaries import layer_summary
from apps.maps.selectors.tiles import tile_bytes, tile_objects, tile_tag

__all__ = [
    "LayerView",
    "Wanted",
    "feature_get",
    "features_page",
    "layer_comparisons",
    "layer_summary",
    "layer_view",
    "layers_visible",
    "tile_bytes",
    "tile_objects",
    "tile_tag",
]
