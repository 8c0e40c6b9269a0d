from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apps.accounts.models import Department
from apps.core.errors import ProblemError
from apps.domains.city.models import RoadLink, RoadSegment
from apps.domains.city.services.importing import series_import
from apps.sensing.models import Observation
from tests.city.builders import PLACES, WIDE, source
from tests.people import department
from tests.shared import shared_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owner(db: None) -> Department:
    return department("transport")


def test_a_wide_file_becomes_segments_links_and_readings(tmp_path: Path) -> None:
    done = series_import(source(tmp_path))
    assert (done.segments, done.links, done.stored) == (3, 4, 8)
    assert done.first == datetime(2012, 3, 1, 8, 0, tzinfo=UTC)
    assert RoadSegment.objects.get(code="T-a").thing is not None
    assert Observation.objects.filter(datastream__key="city.T-c.speed").count() == 2


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    series_import(source(tmp_path))
    RoadSegment.objects.filter(code="T-a").update(name="drawn by hand")
    again = series_import(source(tmp_path))
    assert (again.stored, again.repeated) == (0, 8)
    assert (RoadSegment.objects.count(), RoadLink.objects.count()) == (3, 4)
    assert RoadSegment.objects.get(code="T-a").name == "drawn by hand"


def test_miles_become_kilometres(tmp_path: Path) -> None:
    series_import(source(tmp_path, unit="[mi_i]/h"))
    first = Observation.objects.filter(datastream__key="city.T-a.speed").earliest("phenomenon_time")
    assert first.result == pytest.approx(30 * 1.609344)


def test_a_detector_points_to_its_strongest_neighbour_at_its_true_place(tmp_path: Path) -> None:
    series_import(source(tmp_path))
    line = RoadSegment.objects.get(code="T-a").geometry
    assert line.centroid.coords == pytest.approx((-118.3, 34.1))
    assert line[1][0] > line[0][0]  # b lies in the east
    assert line[1][1] == pytest.approx(line[0][1])


def test_a_long_file_with_its_own_words_and_zone(tmp_path: Path) -> None:
    text = "when,which,how fast\n2026/03/01 08:00:00,a,30\n2026-03-01T08:05:00+08:00,b,40\n"
    (tmp_path / "words.yaml").write_text("time: when\nsensor: which\nvalue: how fast\n")
    files = source(tmp_path, series=text, ties="1,0\n0,1\n")
    done = series_import(replace(files, mapping=tmp_path / "words.yaml"))
    assert done.stored == 2


def test_gzip_gb18030_and_parquet_are_read(tmp_path: Path) -> None:
    files = source(tmp_path)
    (tmp_path / "z.csv.gz").write_bytes(gzip.compress(WIDE.encode()))
    assert series_import(replace(files, file=tmp_path / "z.csv.gz")).stored == 8
    (tmp_path / "places.csv").write_bytes(PLACES.replace("sensor_id", "编号").encode("gb18030"))
    (tmp_path / "map.json").write_text('{"location_sensor": "编号"}')
    pq.write_table(pa.table({"a": [30.0, 31.0], "b": [40.0, None], "c": [1.0, 2.0]}), tmp_path / "s.parquet")
    files = replace(files, file=tmp_path / "s.parquet", mapping=tmp_path / "map.json")
    again = series_import(files)
    assert (again.repeated, again.conflict, again.stored) == (3, 1, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"series": "a,b,c\n30,forty,50\n"}, "line 2, column b: 'forty' is not a number"),
        ({"series": "a,b,c\n30,40,50\n31,41\n"}, "line 3, column c: The line has 2 cells"),
        ({"series": "a,b,b\n1,2,3\n"}, "column b twice"),
        ({"series": "a,b,c\n30,inf,50\n"}, "infinite"),
        ({"series": ""}, "is empty"),
        ({"series": "time,a,b,c\nyesterday,1,2,3\n"}, "'yesterday' is not a time"),
        ({"places": "sensor_id,latitude,longitude\na,34,-118\nb,94,-118\n"}, "line 3, column latitude"),
        ({"places": "sensor_id,latitude,longitude\na,34,-118\n"}, "place of sensor b"),
        ({"places": "name,latitude,longitude\na,34,-118\n"}, "no column sensor_id"),
        ({"ties": "1,0\n0,1\n"}, "2 x 2 numbers; 3 x 3"),
        ({"ties": "1,0,0\n0,1,7\n0,0,1\n"}, "line 2, column 3: A weight"),
        ({"unit": "kg"}, "kg cannot be converted"),
    ],
)
def test_a_bad_file_is_refused_by_line_and_column_and_nothing_is_written(
    tmp_path: Path, change: dict[str, str], words: str
) -> None:
    with pytest.raises(ProblemError, match=words):
        series_import(source(tmp_path, **change))
    assert not RoadSegment.objects.exists()


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    files = source(tmp_path)
    (tmp_path / "z.csv.gz").write_bytes(gzip.compress(WIDE.encode())[:-6])
    with pytest.raises(ProblemError, match="broken gzip"):
        series_import(replace(files, file=tmp_path / "z.csv.gz"))


def test_los_loop_lands_in_los_angeles(tmp_path: Path) -> None:
    data = shared_data("los_loop")
    files = replace(
        source(tmp_path, unit="[mi_i]/h"),
        file=data / "los_speed.csv.gz",
        locations=data / "graph_sensor_locations.csv",
        adjacency=data / "los_adj.csv",
    )
    done = series_import(files)
    assert (done.segments, done.stored) == (207, 207 * 2016)
    west, south, east, north = RoadSegment.objects.get(code="T-773869").geometry.extent
    assert (west, south) < (-118.31829, 34.15497) < (east, north)
