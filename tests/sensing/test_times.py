"""Times: what is read, what is refused with a hint, and that nothing is stored decades off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from apps.sensing.data import Batch
from apps.sensing.edge.config import SourceConfig
from apps.sensing.edge.lines import LineReader, Streams
from apps.sensing.files.mapping import ColumnMapping
from apps.sensing.files.moments import MacNumber, cell_moment
from apps.sensing.ingest.decoding import readings_decode
from apps.sensing.ingest.moments import RowError, time_decode
from apps.sensing.ingest.streams import StreamTable
from apps.sensing.services.tables import table_readings
from apps.sensing.times import iso_moment

INPUTS = Path(__file__).resolve().parents[2].parent / "shared/data/field_inputs"
SHANGHAI = ZoneInfo("Asia/Shanghai")
THIRD = "2026-01-02T03:00:00+08:00"
KEY = "city.A001.pm25"


def table(**changes: Any) -> StreamTable:
    """One stream of the city."""
    facts = {"keys": {1: 1, KEY: 1}, "domains": {1: "city"}, "units": {1: "ug/m3"}, "things": {1: "A001"}}
    return StreamTable(**{**facts, "ids": np.array([1]), "limits": np.zeros((1, 13)), **changes})


def hint_of(value: Any) -> tuple[str, str]:
    with pytest.raises(RowError) as refused:
        time_decode(value)
    return refused.value.code, refused.value.detail


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1_790_000_000, "seconds?"),
        (946_684_800, "seconds?"),
        ("1790000000", "seconds?"),
        (1_790_000_000.5, "seconds?"),
        (1_790_000_000_000_000, "microseconds?"),
        (1_790_000_000_000_000_000, "nanoseconds?"),
        (20_260_102, "date"),
        (2_026_010_203, "date"),
        (202_601_020_300, "date"),
        (20_260_102_030_000, "date"),
        (46_024, "Excel"),
        (46_024.125, "Excel"),
        (18_446_744_073_709_551, "milliseconds"),
        (0, "2000-01-01"),
        (-5, "2000-01-01"),
        ("1999-12-31T23:59:59Z", "2000-01-01"),
        (10**400, "future"),
    ],
)
def test_a_number_that_is_no_plausible_time_is_refused_with_what_it_probably_is(
    value: Any, word: str, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    code, detail = hint_of(value)
    assert code in {"too_old", "future", "format", "type"}
    if value != 18_446_744_073_709_551:
        assert word in detail


@pytest.mark.parametrize("shape", ["single", "list", "columns"])
@pytest.mark.parametrize(
    "moment", [1_790_000_000, 20_260_102, 18_446_744_073_709_551, 2**63, -(2**63), 46_024]
)
def test_no_shape_of_a_body_stores_a_time_that_is_decades_off(shape: str, moment: int) -> None:
    row = {"datastream": KEY, "phenomenonTime": moment, "result": 35}
    body: Any = {"single": row, "list": [row], "columns": {name: [cell] for name, cell in row.items()}}[shape]
    decoded = readings_decode(body, table(), "city")
    assert (len(decoded.batch), len(decoded.faults)) == (0, 1)


def test_a_datastream_may_say_from_when_on_its_readings_are_plausible() -> None:
    old, new = "1975-01-01T00:00:00Z", "2024-01-01T00:00:00Z"
    climate = table(firsts={1: 0})
    fresh = table(firsts={1: int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000})
    for moment, known, count in ((old, climate, 1), (old, table(), 0), (new, table(), 1), (new, fresh, 0)):
        milliseconds = round(datetime.fromisoformat(moment).timestamp() * 1000)
        for time in (moment, milliseconds):
            columns = {"datastream": [KEY], "phenomenonTime": [time], "result": [1]}
            assert len(readings_decode(columns, known, "city").batch) == count


def test_true_is_no_datastream_in_columns_either() -> None:
    columns = {"datastream": [True], "phenomenonTime": [1_767_294_000_000], "result": [1]}
    decoded = readings_decode(columns, table(), "city")
    assert [fault.code for fault in decoded.faults] == ["unknown"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-01T24:00:00+08:00", "2026-01-02T00:00:00+08:00"),
        ("2026-12-31 24:00Z", "2027-01-01T00:00:00+00:00"),
        ("20260228T2400Z", "2026-03-01T00:00:00+00:00"),
        ("2028-02-28T24:00:00.000Z", "2028-02-29T00:00:00+00:00"),
    ],
)
def test_the_end_of_a_day_is_the_beginning_of_the_next(text: str, expected: str) -> None:
    assert iso_moment(text).isoformat() == expected


@pytest.mark.parametrize(
    "text", ["2026-01-01T24:01Z", "2026-01-01T25:00Z", "2026010211030+08:00", "9999-12-31T24:00Z"]
)
def test_other_times_of_day_beyond_twenty_four_are_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        iso_moment(text)


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-01-02 03:00", "2026/1/2 3:00", "2026/01/02 03:00:00", "2026.1.2 3:00", "2026年1月2日 3时"),
        *(
            "2026年1月2日3时0分",
            "2026年01月02日03时00分00秒",
            "２０２６－０１－０２　０３：００",
            "2026-1-2T3:00",
        ),
        *("2026-01-01T19:00:00Z", "2026/1/2 3:00+08:00", "2026010203", "202601020300", "20260102030000"),
        *(2026010203, 202601020300, 46024.125, MacNumber(46024.125 - 1462)),
        datetime(2026, 1, 2, 3),  # noqa: DTZ001  as a workbook gives it
    ],
)
def test_what_people_write_for_three_in_the_morning_is_that_moment(cell: Any) -> None:
    found = datetime.fromisoformat(cell_moment(cell, SHANGHAI))
    assert found == datetime.fromisoformat(THIRD)


@pytest.mark.parametrize(
    "cell", ["20260102", 20260102, date(2026, 1, 2), 46024, "2026-01-02", "2026-01-01 24:00"]
)
def test_a_date_alone_is_its_midnight(cell: Any) -> None:
    assert cell_moment(cell, SHANGHAI) == "2026-01-02T00:00:00+08:00"


@pytest.mark.parametrize(
    "cell",
    [
        "2026-13-01 00:00",
        "2026-02-30",
        "1/2/2026 3:00",
        "②",
        "20260132",
        "46024",
        "46024.125",
        "3:00",
        "",
        None,
    ],
)
def test_what_is_unclear_is_left_to_quarantine(cell: Any) -> None:
    with pytest.raises(RowError):
        time_decode(cell_moment(cell, SHANGHAI))


def test_a_mapping_may_say_what_numbers_are() -> None:
    assert (
        cell_moment("1767294000", SHANGHAI, "s")
        == cell_moment(1767294000000, SHANGHAI, "ms")
        == 1767294000000
    )
    assert cell_moment("46024.125", SHANGHAI, "excel") == THIRD


def read(name: str, **mapping: Any) -> list[dict[str, Any]]:
    known = {"time": "时间", "datastream": "设备编号", "result": "数值"}
    return list(table_readings(INPUTS / name, mapping=ColumnMapping(**{**known, **mapping})))


def moments(rows: list[dict[str, Any]]) -> list[str | None]:
    """Each row's time as it would be stored; None for one that goes to quarantine."""
    found: list[str | None] = []
    for row in rows:
        try:
            at = time_decode(row["phenomenonTime"])
        except RowError:
            found.append(None)
        else:
            found.append(datetime.fromtimestamp(at / 1e6, SHANGHAI).strftime("%Y-%m-%d %H:%M"))
    return found


def test_files_from_the_field_are_read_or_go_to_quarantine() -> None:
    assert moments(read("03_number_times.csv")) == [
        *("2026-01-02 00:00", "2026-01-02 03:00", "2026-01-02 03:00", "2026-01-02 03:00"),
        None,
    ]
    assert moments(read("04_excel_serial.xlsx", time="日期")) == [
        *("2026-01-02 00:00", "2026-01-03 00:00", "2026-01-02 03:00"),
    ]
    assert moments(read("05_time_2400.csv")) == ["2026-01-01 23:00", "2026-01-02 00:00", "2026-01-02 01:00"]
    assert moments(read("01_excel_zh_unpadded.csv", time="监测时间"))[0] == "2026-01-02 03:00"


def test_a_device_number_in_a_file_is_no_id_of_ours() -> None:
    rows = read("29_device_numbers.csv", time="日期")
    assert [row["datastream"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        assert not len(readings_decode(row, table(), "city").batch)


def test_numbers_with_underscores_and_limits_are_no_results() -> None:
    assert [row["result"] for row in read("06_zh_dates_fullwidth.csv")][2:] == [
        12.5,
        "1,234.5",
        "12.5℃",
        "1_000",
    ]
    row = {"datastream": KEY, "phenomenonTime": THIRD, "result": "<5"}
    assert [fault.code for fault in readings_decode(row, table(), "city").faults] == ["comparator"]


def test_the_edge_agent_sets_lines_aside_whose_time_is_in_seconds() -> None:
    reader = LineReader(SourceConfig(kind="stdin"), Streams(10))
    line = b'{"datastream":"city.A001.pm25","phenomenonTime":%d,"result":1}'
    batch, broken = reader.read([line % 1_790_000_000, line % 1_767_294_000_000, line % 20_260_102])
    assert (len(batch), ["seconds?" in each.reason for each in broken]) == (1, [True, False])
    assert isinstance(batch, Batch)
