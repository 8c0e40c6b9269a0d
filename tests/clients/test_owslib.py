"""OWSLib, the catalogue world's Python client, reads the collections and their features."""

from __future__ import annotations

import pytest
from owslib.ogcapi.features import Features

from tests.maps.builders import latest, road


@pytest.fixture
def client(web_url: str, key: str) -> Features:
    """OWSLib with the key in its headers."""
    return Features(f"{web_url}/ogc/", headers={"Authorization": f"Bearer {key}"})


def test_owslib_understands_the_landing_page(client: Features) -> None:
    road()
    assert "paths" in client.api()
    assert any(name.endswith("/conf/geojson") for name in client.conformance()["conformsTo"])
    assert "city.roads" in client.feature_collections()


def test_owslib_reads_items_with_its_filters(client: Features) -> None:
    _segment, stream = road("T1", lon=118.05)
    latest(stream, 31.5)
    road("T2", lon=118.50)
    inside = client.collection_items("city.roads", bbox=[118.4, 24, 119, 25], limit=10)
    named = client.collection_items("city.roads", code="T1", datetime_="2026-03-02T00:00:00Z/..")
    assert [row["properties"]["code"] for row in inside["features"]] == ["T2"]
    assert [row["properties"]["live_value"] for row in named["features"]] == [31.5]


def test_owslib_reads_one_feature(client: Features) -> None:
    segment, _stream = road("T1")
    found = client.collection_item("city.roads", str(segment.pk))
    assert (found["id"], found["properties"]["code"]) == (segment.pk, "T1")
    assert client.collection("city.roads")["extent"]["spatial"]["bbox"]
