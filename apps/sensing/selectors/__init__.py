"""Questions about readings."""

from __future__ import annotations

from apps.sensing.selectors.edits import readings_corrected_since
from apps.sensing.selectors.feeds import (
    FeedAge,
    datastreams_live,
    datastreams_of,
    datastreams_visible,
    feeds_broken,
    quality_shares,
    streams_by_thing,
)
from apps.sensing.selectors.history import observations_known
from apps.sensing.selectors.latest import LatestReading, latest_of_kind, latest_of_things, streams_of_thing
from apps.sensing.selectors.partitions import (
    Partition,
    days_archived,
    days_waiting,
    partitions_detached,
    partitions_list,
)
from apps.sensing.selectors.series import (
    Bucket,
    Series,
    observations_between,
    series_between,
    series_known,
    series_matrix,
)
from apps.sensing.selectors.uploads import columns_told, keys_unknown, mapping_told, upload_get
from apps.sensing.selectors.usual import baseline_values, usual_values

__all__ = [
    "Bucket",
    "FeedAge",
    "LatestReading",
    "Partition",
    "Series",
    "baseline_values",
    "columns_told",
    "datastreams_live",
    "datastreams_of",
    "datastreams_visible",
    "days_archived",
    "days_waiting",
    "feeds_broken",
    "keys_unknown",
    "latest_of_kind",
    "latest_of_things",
    "mapping_told",
    "observations_between",
    "observations_known",
    "partitions_detached",
    "partitions_list",
    "quality_shares",
    "readings_corrected_since",
    "series_between",
    "series_known",
    "series_matrix",
    "streams_by_thing",
    "streams_of_thing",
    "upload_get",
    "usual_values",
]
