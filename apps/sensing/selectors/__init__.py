"""Questions about readings."""

from __future__ import annotations

from apps.sensing.selectors.feeds import FeedAge, datastreams_of, feeds_broken, quality_shares
from apps.sensing.selectors.series import Series, observations_between, series_between, series_matrix

__all__ = [
    "FeedAge",
    "Series",
    "datastreams_of",
    "feeds_broken",
    "observations_between",
    "quality_shares",
    "series_between",
    "series_matrix",
]
