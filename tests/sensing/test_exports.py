"""Exports: the same rows in three formats, under the kernel, in pieces."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.test import Client

from apps.core.grades import Grade
from apps.sensing.models import Datastream, RollupHour, Thing
from apps.sensing.services import readings_store
from apps.sensing.services.partitions import partitions_ensure
from tests.maps.builders import logged_in
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams

pytestmark = pytest.mark.django_db
EXPORT = "/api/v1/sensing/export/"
PERIOD = {"start": "2026-11-02T12:00:00Z", "end": "2026-11-02T13:00:00Z"}


@pytest.fixture
def viewer() -> Client:
    return logged_in(person("bo", roles=["school-viewer"]))


def stored(streams: list[Datastream], count: int = 5) -> None:
    """One reading a second from noon on, of each stream: 400, 401, ..."""
    partitions_ensure(start=NOON, end=NOON)
    for stream in streams:
        seconds = list(range(count))
        readings_store(
            batch=batch([stream.pk] * count, [float(s) for s in seconds], [400.0 + s for s in seconds])
        )


def fetch(client: Client, **wanted: Any) -> bytes:
    answer: Any = client.get(EXPORT, PERIOD | {name: str(value) for name, value in wanted.items()})
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def rows_csv(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode())))


def test_csv_has_a_header_and_one_line_a_reading(viewer: Client) -> None:
    streams = school_streams()
    stored(streams)
    rows = rows_csv(fetch(viewer, domain="school"))
    assert [row["datastream_id"] for row in rows] == [str(stream.pk) for stream in streams for _ in range(5)]
    assert (rows[1]["phenomenon_time"], rows[1]["result"]) == ("2026-11-02T12:00:01.000000Z", "401")
    assert (rows[0]["key"], rows[0]["unit"], rows[0]["raw"]) == (streams[0].key, "[ppm]", "")


def test_parquet_and_arrow_hold_what_csv_holds(viewer: Client) -> None:
    stored(school_streams())
    lines = rows_csv(fetch(viewer, domain="school"))
    parquet = pq.read_table(io.BytesIO(fetch(viewer, domain="school", format="parquet")))
    arrow = pa.ipc.open_stream(fetch(viewer, domain="school", format="arrow")).read_all()
    assert parquet.equals(arrow)
    assert parquet["result"].to_pylist() == [float(row["result"]) for row in lines]
    times = [datetime.fromisoformat(row["phenomenon_time"]) for row in lines]
    assert parquet["phenomenon_time"].to_pylist() == times


def test_blocks_go_on_where_the_one_before_ended(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.sensing.exports.reading.BLOCK", 3)
    monkeypatch.setattr("apps.sensing.exports.batches.BLOCK", 4)
    streams = school_streams()
    stored(streams, 7)
    rows = rows_csv(fetch(viewer, datastream=f"{streams[1].pk},{streams[0].pk}"))
    assert len({(row["datastream_id"], row["phenomenon_time"]) for row in rows}) == len(rows) == 14


def test_the_start_belongs_to_the_period_and_the_end_does_not(viewer: Client) -> None:
    streams = school_streams(1)
    stored(streams)
    ends = {"start": "2026-11-02T12:00:01Z", "end": "2026-11-02T12:00:03+00:00"}
    answer: Any = viewer.get(EXPORT, {"datastream": streams[0].pk, **ends})
    assert [row["result"] for row in rows_csv(b"".join(answer.streaming_content))] == ["401", "402"]
    assert answer["Content-Disposition"].endswith('"observations_20261102T1200Z_20261102T1200Z.csv"')


def test_nothing_there_is_a_file_without_rows(viewer: Client) -> None:
    school_streams()
    assert rows_csv(fetch(viewer, kind="co2")) == []
    assert pq.read_table(io.BytesIO(fetch(viewer, kind="co2", format="parquet"))).num_rows == 0
    assert pa.ipc.open_stream(fetch(viewer, kind="co2", format="arrow")).read_all().num_rows == 0


def test_a_key_that_looks_like_a_formula_is_quoted(viewer: Client) -> None:
    streams = school_streams(1)
    stored(streams, 1)
    Datastream.objects.update(key="=HYPERLINK(A1)")
    assert rows_csv(fetch(viewer, kind="co2"))[0]["key"] == "'=HYPERLINK(A1)"


def test_other_domains_and_divisions_stay_inside() -> None:
    streams = school_streams()
    stored(streams)
    Thing.objects.filter(pk=streams[0].thing_id).update(division="359902")
    farmer = logged_in(person("fa", roles=["farm-viewer"]))
    limited = logged_in(person("li", roles=["school-viewer"], division_code="359903"))
    assert farmer.get(EXPORT, PERIOD | {"datastream": streams[0].pk}).status_code == 404
    assert rows_csv(fetch(farmer, domain="school")) == []
    assert {row["datastream_id"] for row in rows_csv(fetch(limited, domain="school"))} == {str(streams[1].pk)}


def test_a_clearance_below_the_grade_of_readings_gets_no_file() -> None:
    school_streams()
    low = logged_in(person("low", roles=["school-viewer"], clearance=Grade.L1))
    assert low.get(EXPORT, PERIOD | {"domain": "school"}).status_code == 403


def test_too_much_is_refused_before_it_begins(viewer: Client, settings: LazySettings) -> None:
    streams = school_streams(1)
    settings.EXPORT_MOST_ROWS = 99
    facts = {"total": 1.0, "lowest": 1.0, "highest": 1.0}
    RollupHour.objects.create(datastream=streams[0], bucket=NOON, count=90, unusable=10, **facts)
    answer = viewer.get(EXPORT, PERIOD | {"kind": "co2"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_large")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "xlsx"),
        ("datastream", "1;2"),
        ("datastream", "9" * 30),
        ("start", "yesterday"),
        ("start", "2026-11-02T14:00:00Z"),
        ("colour", "red"),
    ],
)
def test_a_bad_parameter_is_named(viewer: Client, name: str, value: str) -> None:
    answer = viewer.get(EXPORT, PERIOD | {"domain": "school", name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name


def test_an_export_of_everything_must_say_so(viewer: Client) -> None:
    assert viewer.get(EXPORT, PERIOD).json()["errors"][0]["field"] == "datastream"
