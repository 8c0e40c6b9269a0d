"""GDAL, the library behind QGIS and most desktop programs, reads the features and the tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from apps.core.domains import domain_get
from apps.domains.city.models import RoadSegment
from tests.maps.builders import latest, request_at, road

OPTIONS = ("GDAL_HTTP_AUTH", "GDAL_HTTP_BEARER", "GDAL_HTTP_HEADER_FILE", "GDAL_HTTP_USERPWD")
ROWS = 1203  # more than a page


@pytest.fixture(autouse=True)
def no_login_is_left() -> Iterator[None]:
    """GDAL's options belong to the process."""
    yield
    pyogrio.set_gdal_config_options(dict.fromkeys(OPTIONS))


@pytest.fixture
def bearer(key: str) -> None:
    """GDAL sends the key with every request (its driver passes over GDAL_HTTP_HEADERS)."""
    pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": key})


def read(web_url: str, layer: str, **options: Any) -> tuple[dict[str, Any], Any, list[Any]]:
    """Facts, row ids and columns of a layer as GDAL reads it."""
    facts, fids, geometry, columns = pyogrio.raw.read(
        f"OAPIF:{web_url}/ogc/", layer=layer, return_fids=True, **options
    )
    return {**facts, "geometry": geometry}, fids, dict(zip(facts["fields"], columns, strict=True))


def test_gdal_lists_the_layers_that_the_key_may_see(web_url: str, bearer: None) -> None:
    names = {name for name, _geometry in pyogrio.list_layers(f"OAPIF:{web_url}/ogc/")}
    assert names == {f"city.{layer.key}" for layer in domain_get("city").layers}


def test_gdal_reads_every_page(web_url: str, bearer: None) -> None:
    segment, stream = road("T0000")
    latest(stream, 31.5)
    facts = {"road_class": "local", "speed_limit": 45, "length": 1000, "geometry": segment.geometry}
    RoadSegment.objects.bulk_create(
        RoadSegment(code=f"T{number:04}", name="路", **facts) for number in range(1, ROWS)
    )
    _facts, fids, columns = read(web_url, "city.roads")
    assert len(set(fids)) == len(fids) == ROWS
    assert (columns["speed_limit"] == 45).all()
    assert columns["live_value"][0] == 31.5


def test_gdal_sends_boxes_and_finds_what_lies_in_them(web_url: str, bearer: None) -> None:
    road("T1", lon=118.05)
    road("T2", lon=118.50)
    _facts, _fids, columns = read(web_url, "city.roads", bbox=(118.4, 24.0, 119.0, 25.0))
    assert list(columns["code"]) == ["T2"]


def test_gdal_filters_by_property(web_url: str, bearer: None) -> None:
    road("T1")
    road("T2")
    _facts, _fids, columns = read(web_url, "city.roads", where="code = 'T2'")
    assert list(columns["code"]) == ["T2"]


def test_gdal_gets_the_grid_cell_of_a_masked_place(web_url: str, bearer: None) -> None:
    request_at(118.0512, 24.4567)
    facts = pyogrio.read_info(f"OAPIF:{web_url}/ogc/", layer="city.requests", force_total_bounds=True)
    assert facts["total_bounds"] == pytest.approx((118.055, 24.455, 118.055, 24.455))
    assert "reporter_name" not in facts["fields"]


def test_gdal_may_give_the_key_as_a_password(web_url: str, key: str) -> None:
    road("T1")
    pyogrio.set_gdal_config_options({"GDAL_HTTP_USERPWD": f"qgis:{key}"})
    assert len(read(web_url, "city.roads")[1]) == 1


def test_gdal_may_keep_the_key_in_a_file_of_headers(web_url: str, key: str, tmp_path: Path) -> None:
    road("T1")
    (tmp_path / "headers.txt").write_text(f"Authorization: Bearer {key}\n")
    pyogrio.set_gdal_config_options({"GDAL_HTTP_HEADER_FILE": str(tmp_path / "headers.txt")})
    assert len(read(web_url, "city.roads")[1]) == 1


def test_gdal_reads_a_tile(web_url: str, bearer: None) -> None:
    road("T1")
    address = f"{web_url}/tiles/city.roads/14/13564/7043.mvt"
    facts = pyogrio.raw.read(f"MVT:/vsicurl_streaming/{address}", layer="city.roads")
    assert len(facts[2]) == 1


def test_a_stranger_gets_nothing(web_url: str) -> None:
    road("T1")
    with pytest.raises(pyogrio.errors.DataSourceError, match="401"):
        pyogrio.list_layers(f"OAPIF:{web_url}/ogc/")
