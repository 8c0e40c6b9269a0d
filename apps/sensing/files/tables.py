"""A file as a table: its columns and an iterator of rows, in constant memory."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.files.workbooks import OLE_MAGIC, ZIP_MAGIC, workbook_columns, workbook_rows

ENCODINGS = ("utf-8-sig", "gb18030")
SAMPLE = 1 << 20
PARQUET_MAGIC = b"PAR1"
DELIMITERS = ",;\t|"
PREVIEW_ROWS = 20
FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; ``encoding`` and ``delimiter`` belong to CSV alone."""

    path: Path
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    is_workbook: bool = False

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row as column -> value; CSV values are text."""
        if self.is_workbook:
            return workbook_rows(self.path, self.columns)
        return _csv_rows(self) if self.encoding else _parquet_rows(self.path)

    def preview(self) -> list[dict[str, Any]]:
        """The first rows."""
        return list(islice(self.rows(), PREVIEW_ROWS))


def table_open(path: Path) -> Table:
    """Recognise a file by its content; ProblemError on ``file`` says what is wrong with it."""
    with path.open("rb") as handle:
        sample = handle.read(SAMPLE)
    if not sample.strip():
        raise ProblemError(_("The file is empty."), "file", code="empty")
    if sample.startswith(PARQUET_MAGIC):
        return Table(path, _parquet_columns(path))
    if sample.startswith(OLE_MAGIC):
        detail = _("Save the workbook as .xlsx without a password.")
        raise ProblemError(detail, "file", code="workbook")
    if sample.startswith(ZIP_MAGIC):
        return _workbook(path)
    return _csv(path, sample)


def _workbook(path: Path) -> Table:
    columns = workbook_columns(path)
    _check_columns(columns)
    return Table(path, columns, is_workbook=True)


def _csv(path: Path, sample: bytes) -> Table:
    encoding = _encoding(sample)
    text = codecs.getincrementaldecoder(encoding)().decode(sample)
    header = text.splitlines()[0]
    delimiter = max(DELIMITERS, key=header.count)
    columns = tuple(name.strip() for name in next(csv.reader([header], delimiter=delimiter)))
    _check_columns(columns)
    return Table(path, columns, encoding, delimiter)


def _encoding(sample: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        if b"\0" not in sample:
            return encoding
    raise ProblemError(
        _("The file is neither CSV in UTF-8 or GB18030 nor Parquet nor .xlsx."), "file", code="encoding"
    )


def _check_columns(columns: Sequence[str]) -> None:
    if len(columns) < FEWEST_COLUMNS or len(set(columns)) != len(columns) or not all(columns):
        raise ProblemError(
            _("The first line must name at least two columns, each with a name of its own."),
            "file",
            code="header",
        )


def _csv_rows(table: Table) -> Iterator[dict[str, Any]]:
    with table.path.open(encoding=table.encoding, newline="", errors="replace") as handle:
        reader = csv.reader(handle, delimiter=table.delimiter)
        next(reader)
        for cells in reader:
            if cells:
                yield dict(zip(table.columns, [cell.strip() for cell in cells], strict=False))


def _parquet_columns(path: Path) -> tuple[str, ...]:
    try:
        columns = tuple(pq.ParquetFile(path).schema_arrow.names)
    except (pa.ArrowInvalid, OSError) as error:
        raise ProblemError(
            _("The Parquet file is damaged or cut off; export it again."), "file", code="parquet"
        ) from error
    _check_columns(columns)
    return columns


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    for batch in pq.ParquetFile(path).iter_batches(batch_size=10_000):
        yield from batch.to_pylist()
