"""Questions about the city."""

from __future__ import annotations

from apps.domains.city.selectors.graph import road_weights
from apps.domains.city.selectors.sites import depot_get, sites_due
from apps.domains.city.selectors.speeds import Speeds, SpeedSource, segment_speeds, segments_within

__all__ = [
    "SpeedSource",
    "Speeds",
    "depot_get",
    "road_weights",
    "segment_speeds",
    "segments_within",
    "sites_due",
]
