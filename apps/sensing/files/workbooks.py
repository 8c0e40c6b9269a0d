"""Excel workbooks (.xlsx, ECMA-376) as tables: the first visible sheet, row by row.

A formula counts with the value that Excel has saved beside it; a file that no Excel has calculated has none,
and its cell is empty. A workbook is a ZIP archive of XML, so what it unpacks to is bounded before it is read.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.sensing.data import Fault
from apps.sensing.files.moments import MacNumber

Numbered = tuple[int, dict[str, Any] | Fault]  # a row with its number, or what is wrong with it
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # old .xls, and .xlsx with a password
UNPACKED_MOST = 1 << 30  # bytes of all parts together
HELD_MOST = 64 << 20  # bytes of any part but a sheet: these are held in memory
PARTS_MOST = 2000
COLUMNS_MOST = 1000
ROWS_MOST = 1_048_576  # what Excel itself can hold; a forged row number may not count further
HEAD = 4096
MAC_YEAR = 1904  # a workbook may count its days from 1904 instead of 1900
TEXT_MOST = 1 << 20  # bytes between two marks of a sheet; Excel's longest cell has 32,767 signs
ROW_MOST = 8 << 20  # bytes of one row
ROW = re.compile(rb"<(?:\w+:)?row\b")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,  # lxml's word for broken XML
)


def workbook_columns(path: Path) -> tuple[str, ...]:
    """The names in the first row; ProblemError on ``file`` says what is wrong with the workbook."""
    _check_archive(path)
    with _sheet(path) as sheet:
        first = next(sheet.iter_rows(max_row=1, max_col=COLUMNS_MOST, values_only=True), ())
    cells = ["" if cell is None else " ".join(str(cell).split()) for cell in first]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def workbook_rows(path: Path, columns: Sequence[str]) -> Iterator[Numbered]:
    """Each row below the first with its number, as column -> value; rows without any value are left out."""
    with _sheet(path) as sheet:
        is_mac = sheet.parent.epoch.year == MAC_YEAR
        rows = sheet.iter_rows(min_row=2, max_row=ROWS_MOST, max_col=len(columns), values_only=True)
        for number, cells in enumerate(rows, start=2):
            if any(cell is not None for cell in cells):
                values = (_plain(cell, is_mac=is_mac) for cell in cells)
                yield number, dict(zip(columns, values, strict=False))


def _plain(cell: Any, *, is_mac: bool) -> Any:
    """Text without blanks around it; a time of day or a span as text, for there is no reading in it."""
    if is_mac and isinstance(cell, int | float) and not isinstance(cell, bool):
        return MacNumber(cell)
    if isinstance(cell, str):
        return cell.strip()
    return str(cell) if isinstance(cell, time | timedelta) else cell


@contextmanager
def _sheet(path: Path) -> Iterator[Any]:
    """The first visible sheet; whatever is broken in the file becomes a ProblemError."""
    damaged = ProblemError(
        _("The workbook is damaged; open it in Excel and save it again."), "file", code="workbook"
    )
    load = import_module("openpyxl").load_workbook
    try:
        with path.open("rb") as handle:  # openpyxl forgets to close a file that it cannot read
            workbook = load(handle, read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            if not sheets:
                raise damaged
            sheets[0].reset_dimensions()  # a file may claim any size
            yield sheets[0]
            workbook.close()
    except BROKEN as error:
        raise damaged from error


def _check_archive(path: Path) -> None:
    """ProblemError when the archive unpacks to too much, or holds what no workbook needs."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise ProblemError(_("The archive holds no Excel workbook."), "file", code="workbook")
            _check_sizes(parts)
            _check_sheets(archive, parts)
            if any(b"<!DOCTYPE" in _head(archive, part) for part in parts):
                raise ProblemError(_("The workbook holds what no Excel writes."), "file", code="workbook")
    except BROKEN as error:
        raise ProblemError(
            _("The workbook is damaged; open it in Excel and save it again."), "file", code="workbook"
        ) from error


def _check_sizes(parts: Sequence[zipfile.ZipInfo]) -> None:
    held = [part.file_size for part in parts if not part.filename.startswith("xl/worksheets/")]
    total = sum(part.file_size for part in parts)
    if len(parts) > PARTS_MOST or total > UNPACKED_MOST or max(held, default=0) > HELD_MOST:
        raise ProblemError(
            _("The workbook unpacks to too much; save the sheet as CSV."), "file", 413, "too_large"
        )


def _check_sheets(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """A sheet is read row by row, so that no row and no text in it may be large."""
    too_much = ProblemError(
        _("A row of the workbook holds too much; save the sheet as CSV."), "file", 413, "too_large"
    )
    for part in parts:
        if not part.filename.startswith("xl/worksheets/"):
            continue
        since_row = 0
        with archive.open(part) as handle:
            while chunk := handle.read(TEXT_MOST):
                since_row = 0 if ROW.search(chunk) else since_row + len(chunk)
                if since_row > ROW_MOST or (len(chunk) == TEXT_MOST and b"<" not in chunk):
                    raise too_much


def _head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    if not part.filename.endswith((".xml", ".rels")):
        return b""
    with archive.open(part) as handle:
        return handle.read(HEAD)
