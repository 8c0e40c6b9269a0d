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
import pyarrow.compute as pc
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
ROWS_MOST = 100_000_000  # of a Parquet file: a kilobyte may claim any number
CHUNK_MOST = 256 << 20  # bytes of one column of one row group when unpacked: Arrow holds it whole
CELL_MOST = 131_072  # signs, as in CSV
BATCH_ROWS = 10_000


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
    if not text.strip():  # a mark of the encoding, or blanks, and nothing else
        raise ProblemError(_("The file is empty."), "file", code="empty")
    header = text.splitlines()[0]
    delimiter = max(DELIMITERS, key=header.count)
    try:
        columns = tuple(name.strip() for name in next(csv.reader([header], delimiter=delimiter)))
    except csv.Error as error:  # a name of more than 131,072 characters
        raise ProblemError(_("The first line cannot be read as names."), "file", code="header") from error
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
        file = pq.ParquetFile(path)
        _check_parquet(file)
        columns = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise ProblemError(
            _("The Parquet file is damaged or cut off; export it again."), "file", code="parquet"
        ) from error
    _check_columns(columns)
    return columns


def _check_parquet(file: pq.ParquetFile) -> None:
    """ProblemError for a small file that becomes a large one: millions of rows or bytes out of a few."""
    meta = file.metadata
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    sizes = [
        group.column(place).total_uncompressed_size for group in groups for place in range(group.num_columns)
    ]
    nested = [field.name for field in file.schema_arrow if pa.types.is_nested(field.type)]
    if nested:
        detail = _("A column of readings holds plain values; leave out %(names)s.")
        raise ProblemError(detail % {"names": ", ".join(nested)[:80]}, "file", code="parquet")
    if meta.num_rows > ROWS_MOST or max(sizes, default=0) > CHUNK_MOST:
        detail = _("The file unpacks to too much; cut it into smaller ones.")
        raise ProblemError(detail, "file", 413, "too_large")


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows, in batches. Texts stay in their dictionary: a long one that is named often is held once."""
    schema = pq.ParquetFile(path).schema_arrow
    texts = [field.name for field in schema if _is_text(field.type)]
    for batch in pq.ParquetFile(path, read_dictionary=texts).iter_batches(batch_size=BATCH_ROWS):
        for name in texts:
            _check_cells(batch.column(name), name)
        yield from batch.to_pylist()


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_binary(kind)


def _check_cells(column: pa.DictionaryArray, name: str) -> None:
    longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
    if longest > CELL_MOST:
        detail = _("A cell of %(name)s is longer than %(most)d signs.") % {
            "name": name[:40],
            "most": CELL_MOST,
        }
        raise ProblemError(detail, "file", 413, "too_large")
