"""GeoJSON that programs send: read, or refused with a ValueError and nothing else."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from hypothesis import given
from hypothesis import strategies as st

from apps.core.geometry import geojson_read

KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "GeometryCollection", "Feature", "Curve", "")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=12,
)
SHAPED = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS) | JSON, "coordinates": JSON},
    optional={"geometries": JSON, "geometry": JSON},
)


def test_a_point_is_read_in_wgs_84_without_its_height() -> None:
    found = geojson_read({"type": "Point", "coordinates": [118.1, 24.5, 30]})
    assert isinstance(found, Point)
    assert (found.coords, found.srid) == ((118.1, 24.5), 4326)


def test_a_polygon_is_read() -> None:
    ring = [[0, 0], [0, 1], [1, 1], [0, 0]]
    assert isinstance(geojson_read({"type": "Polygon", "coordinates": [ring]}), Polygon)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"type": "Curve", "coordinates": [1, 2]},
        {"type": "Point"},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [float("nan"), 1]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Feature", "geometry": None},
        {"type": "Point", "coordinates": object()},
    ],
)
def test_what_is_no_geometry_is_a_value_error(value: Any) -> None:
    with pytest.raises(ValueError, match="GeoJSON"):
        geojson_read(value)


@given(JSON | SHAPED)
def test_whatever_comes_is_a_geometry_or_a_value_error(value: Any) -> None:
    with contextlib.suppress(ValueError):
        assert geojson_read(value).srid == 4326
