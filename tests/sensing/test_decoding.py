"""Bad input: each row is a reading or a fault that names its field, and good rows are kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.errors import ProblemError
from apps.sensing.ingest.bodies import body_parse
from apps.sensing.ingest.decoding import readings_decode
from tests.sensing.builders import NOON, school_streams, stream_table

pytestmark = pytest.mark.django_db
KEY = "school.T000.co2"
ISO = NOON.isoformat()


def decode(body: bytes) -> Any:
    school_streams(2)
    return readings_decode(body_parse(body), stream_table(), "school")


def row(**changes: object) -> dict[str, object]:
    return {"datastream": KEY, "phenomenonTime": ISO, "result": 500.0, **changes}


def faults(value: Any) -> list[tuple[str, str]]:
    school_streams(2)
    return [(fault.field, fault.code) for fault in readings_decode(value, stream_table(), "school").faults]


FUTURE = (timezone.now() + timedelta(days=1)).isoformat()
BAD_ROWS = [
    (row(datastream="school.T000.bogus"), ("datastream", "unknown")),
    (row(datastream="city.R0001.speed"), ("datastream", "unknown")),
    (row(datastream=True), ("datastream", "unknown")),
    (row(datastream=[1]), ("datastream", "unknown")),
    (row(result=float("nan")), ("result", "not_finite")),
    (row(result=float("inf")), ("result", "not_finite")),
    (row(result=10**400), ("result", "not_finite")),
    (row(result="500"), ("result", "type")),
    (row(result=True), ("result", "type")),
    (row(result=None), ("result", "missing")),
    (row(phenomenonTime="0001-01-01T00:00:00Z"), ("phenomenonTime", "too_old")),
    (row(phenomenonTime=-1), ("phenomenonTime", "too_old")),
    (row(phenomenonTime=FUTURE), ("phenomenonTime", "future")),
    (row(phenomenonTime=10**30), ("phenomenonTime", "future")),
    (row(phenomenonTime="2026-11-02T12:00:00"), ("phenomenonTime", "no_offset")),
    (row(phenomenonTime="yesterday"), ("phenomenonTime", "format")),
    (row(phenomenonTime=12.5), ("phenomenonTime", "type")),
    (row(unit="Cel"), ("unit", "unit")),
    (row(unit="bogus"), ("unit", "unit")),
    ("text", ("row", "type")),
    ({}, ("datastream", "missing")),
]


@pytest.mark.parametrize(
    ("bad", "fault"), BAD_ROWS, ids=[f"{fault[0]}-{fault[1]}-{i}" for i, (_r, fault) in enumerate(BAD_ROWS)]
)
def test_a_bad_row_is_named_and_its_neighbours_are_kept(bad: Any, fault: tuple[str, str]) -> None:
    school_streams(2)
    decoded = readings_decode([row(), bad, row(datastream="school.T001.co2")], stream_table(), "school")
    assert [(item.field, item.code) for item in decoded.faults] == [fault]
    assert decoded.faults[0].index == 1
    assert len(decoded.batch) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nope",
        b"\xff\xfe",
        b"[1, 2",
        b'"text"',
        b"12",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"datastream": 1}',
    ],
)
def test_a_body_without_a_known_shape_is_refused(body: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        decode(body)
    assert refused.value.field
    assert refused.value.status == 400


def test_nan_and_1e400_in_the_text_reach_quarantine() -> None:
    rows = [
        f'{{"datastream": "{KEY}", "phenomenonTime": "{ISO}", "result": {text}}}' for text in ("NaN", "1e400")
    ]
    body = f"[{', '.join(rows)}]"
    assert [fault.code for fault in decode(body.encode()).faults] == ["not_finite", "not_finite"]


def test_columns_of_different_length_name_the_column() -> None:
    with pytest.raises(ProblemError) as refused:
        decode(b'{"datastream": 1, "phenomenonTime": [1, 2], "result": [1]}')
    assert refused.value.field == "phenomenonTime"


def test_columns_and_rows_give_the_same_batch() -> None:
    school_streams(2)
    moment = int(NOON.timestamp() * 1000)
    table = stream_table()
    columns = {"datastream": KEY, "phenomenonTime": [moment, moment + 1000], "result": [500, 501.5]}
    rows = [row(phenomenonTime=moment, result=500), row(phenomenonTime=moment + 1000, result=501.5)]
    quick, slow = readings_decode(columns, table, "school"), readings_decode(rows, table, "school")
    assert quick.batch.results.tolist() == slow.batch.results.tolist()
    assert quick.batch.times.tolist() == slow.batch.times.tolist()


def test_a_unit_of_the_same_kind_is_converted() -> None:
    streams = school_streams(1, kind="temperature")
    decoded = readings_decode(
        [row(datastream=streams[0].key, result=293.15, unit="K")], stream_table(), "school"
    )
    assert decoded.batch.results[0] == pytest.approx(20.0)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["datastream", "phenomenonTime", "result", "unit", "x"]), inner, max_size=5
        )
    ),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=json_values)
def test_no_value_whatsoever_breaks_the_decoder(db: None, value: Any) -> None:
    with suppress(ProblemError):  # a refusal is an answer; anything else is a fault of ours
        faults(value)
