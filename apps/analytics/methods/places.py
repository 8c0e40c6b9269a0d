"""Readings by area: a spatial join of the places of streams with polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class AreaMean:
    """An area, how many streams lie in it, and the mean of their means (None without any)."""

    area: int
    streams: int
    mean: float | None


def area_means(
    points: Mapping[int, tuple[float, float]], areas: Sequence[tuple[int, str]], means: Mapping[int, float]
) -> list[AreaMean]:
    """Streams' means by area. ``points``: stream -> (lon, lat); ``areas``: (id, WKT); both in EPSG:4326."""
    geopandas, shapely = import_module("geopandas"), import_module("shapely")
    known = [stream for stream in points if stream in means]
    coordinates = np.array([points[stream] for stream in known], np.float64).reshape(-1, 2)
    places = geopandas.GeoDataFrame(
        {"mean": [means[stream] for stream in known]}, geometry=shapely.points(coordinates), crs=4326
    )
    shapes = geopandas.GeoDataFrame(
        {"area": [area for area, _wkt in areas]},
        geometry=shapely.from_wkt([wkt for _area, wkt in areas]),
        crs=4326,
    )
    joined: Any = geopandas.sjoin(places, shapes, predicate="intersects")
    grouped = joined.groupby("area")["mean"].agg(["size", "mean"])
    found = {int(area): (int(row["size"]), float(row["mean"])) for area, row in grouped.iterrows()}
    return [AreaMean(area, *found.get(area, (0, None))) for area, _wkt in areas]
