"""Excel files on the upload path."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from apps.core.errors import ProblemError
from apps.sensing.files import workbooks
from apps.sensing.files.mapping import mapping_guess, readings_of
from apps.sensing.files.tables import table_open

KEY = "school.T000.co2"
NOON = datetime.fromisoformat("2026-11-02T20:00:00")  # a cell knows no time zone
HEADER = ("时间", "设备编号", "读数")


def saved(tmp_path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    book.close()
    return tmp_path / "a.xlsx"


def packed(tmp_path: Path, **changes: bytes) -> Path:
    """A workbook of which some parts are replaced; dots and slashes are written as __ and ___."""
    path = saved(tmp_path, HEADER, (NOON, KEY, 500))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {_named(key): value for key, value in changes.items()}).items():
            archive.writestr(name, content)
    return path


def _named(key: str) -> str:
    return key.replace("___", "/").replace("__", ".")


def test_dates_of_a_sheet_get_the_zone_of_the_mapping(tmp_path: Path) -> None:
    table = table_open(saved(tmp_path, HEADER, (NOON, KEY, 500), (None, None, None), (NOON, KEY, 5.5)))
    mapping = mapping_guess(table.columns)
    readings = [item for row in table.rows() for item in readings_of(row, mapping, mapping.zone())]
    assert [reading["result"] for reading in readings] == [500, 5.5]
    assert readings[0] == {
        "datastream": KEY,
        "phenomenonTime": "2026-11-02T20:00:00+08:00",
        "result": 500,
    }


def test_only_the_first_visible_sheet_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(("secret", "column"))
    book.active.sheet_state = "hidden"
    book.create_sheet("readings").append(("time", KEY))
    book.save(tmp_path / "b.xlsx")
    assert table_open(tmp_path / "b.xlsx").columns == ("time", KEY)


def test_a_formula_that_was_never_calculated_is_an_empty_cell(tmp_path: Path) -> None:
    table = table_open(saved(tmp_path, ("time", KEY), (NOON, "=1+1")))
    assert list(table.rows()) == [{"time": NOON, KEY: None}]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    path = packed(tmp_path, xl___worksheets___sheet9__xml=b" " * 2_000_000)
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(workbooks, "UNPACKED_MOST", 1_000_000)
    with pytest.raises(ProblemError) as refused:
        table_open(path)
    assert (refused.value.status, refused.value.code) == (413, "too_large")


def test_a_forged_row_number_does_not_count_for_ever(tmp_path: Path) -> None:
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>time</t></is></c>
        <c r="B1" t="inlineStr"><is><t>x</t></is></c></row>
        <row r="99999999999"><c r="XFD99999999999"><v>1</v></c></row></sheetData></worksheet>"""
    table = table_open(packed(tmp_path, xl___worksheets___sheet1__xml=sheet))
    assert list(table.rows()) == []


@pytest.mark.parametrize(
    "content",
    [b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"<worksheet", b"", b"\xff\xfe\x00", b"<x/>"],
)
def test_a_damaged_workbook_is_a_problem_and_no_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        list(table_open(packed(tmp_path, xl___worksheets___sheet1__xml=content)).rows())
    assert refused.value.field == "file"


@pytest.mark.parametrize("size", [10, 200, 2000, -30])
def test_a_workbook_that_is_cut_off_is_refused(tmp_path: Path, size: int) -> None:
    path = saved(tmp_path, HEADER, (NOON, KEY, 500))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ProblemError):
        table_open(path)


def test_another_archive_and_an_old_workbook_are_named(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("readme.txt", "hello")
    (tmp_path / "a.xlsx").write_bytes(sink.getvalue())
    with pytest.raises(ProblemError, match="no Excel workbook"):
        table_open(tmp_path / "a.xlsx")
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    with pytest.raises(ProblemError, match="without a password"):
        table_open(tmp_path / "a.xls")
