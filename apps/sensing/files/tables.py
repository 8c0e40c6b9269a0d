"""A file as a table: its columns and its rows with their numbers, in constant memory.

A row that cannot be read is a fault with its number, and the rows after it are read all the same.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.sensing.data import Fault
from apps.sensing.files.workbooks import OLE_MAGIC, ZIP_MAGIC, Numbered, workbook_columns, workbook_rows

ENCODINGS = ("utf-8-sig", "gb18030")
SAMPLE = 1 << 20
PARQUET_MAGIC = b"PAR1"
DELIMITERS = ",;\t|"
PREVIEW_ROWS = 20
FEWEST_COLUMNS = 2
FIRST_ROW = 2  # line 1 is the header
BATCH_ROWS = 10_000
MOST_BROKEN = 1000  # broken rows of a CSV whose other lines are looked at once more
KEPT = 2000  # characters of a broken line
ROWS_MOST = 100_000_000  # of a Parquet file: a kilobyte may claim any number
CHUNK_MOST = 256 << 20  # bytes of one column of one row group when unpacked: Arrow holds it whole
CELL_MOST = 131_072  # signs, as in CSV


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; ``encoding`` and ``delimiter`` belong to CSV alone."""

    path: Path
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    is_workbook: bool = False

    def numbered(self) -> Iterator[Numbered]:
        """Each row with its number, as column -> value (CSV values are text) or as the fault in it.

        The header is line 1. A row of a CSV has the number of its first line; rows of Parquet are counted.
        """
        if self.is_workbook:
            return workbook_rows(self.path, self.columns)
        return _csv_rows(self) if self.encoding else _parquet_rows(self.path)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows that can be read."""
        return (row for _line, row in self.numbered() if not isinstance(row, Fault))

    def preview(self) -> list[dict[str, Any]]:
        """The first rows that can be read."""
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
    if not text.strip():
        raise ProblemError(_("The file is empty."), "file", code="empty")
    delimiter = max(DELIMITERS, key=lambda sign: len(_header(text, sign)))
    columns = tuple(_header(text, delimiter))
    _check_columns(columns)
    return Table(path, columns, encoding, delimiter)


def _header(text: str, delimiter: str) -> list[str]:
    """The names in the first row; a line break inside of one counts as a blank. Nothing when it is no row."""
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []
    return [" ".join(cell.split()) for cell in cells]


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


class _Lines:
    """The lines of a CSV, with the number of the last one; those of a broken row are given once more."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []  # by the row that is being read
        self.number = 0
        self.is_cut = False  # the file has ended inside of a row

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            self.is_cut = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        self.number += 1
        return line

    def begin(self) -> int:
        """The number of the next row."""
        self.taken, self.is_cut = [], False
        return self.number + 1

    def back(self) -> str:
        """Give all but the first line of the row once more; the first."""
        first, rest = self.taken[0], self.taken[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


def _csv_rows(table: Table) -> Iterator[Numbered]:
    with table.path.open(encoding=table.encoding, newline="", errors="replace") as handle:
        lines, broken = _Lines(handle), 0
        reader = csv.reader(lines, delimiter=table.delimiter)
        next(reader)
        while True:
            line = lines.begin()
            try:
                cells = next(reader, None)
                fault = lines.is_cut
            except csv.Error:
                cells, fault = None, True
            if fault:
                # A quotation mark that is never closed takes all lines after it into its row.
                broken += 1
                first = lines.back() if broken <= MOST_BROKEN else lines.taken[0]
                yield line, _unread(line, _("The row is no CSV; look for a single quotation mark."), first)
                reader = csv.reader(lines, delimiter=table.delimiter)
            elif cells is None:
                return
            elif any(cell.strip() for cell in cells[len(table.columns) :]):
                detail = _("The row has %(have)d cells, the header only %(want)d; is a cell not in quotes?")
                counts = {"have": len(cells), "want": len(table.columns)}
                yield line, _unread(line, detail % counts, lines.taken[0])
            elif cells:
                yield line, dict(zip(table.columns, [cell.strip() for cell in cells], strict=False))


def _unread(line: int, detail: str, row: Any = None) -> Fault:
    return Fault(line, "row", "unreadable", detail, row[:KEPT] if isinstance(row, str) else row)


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


def _parquet_rows(path: Path) -> Iterator[Numbered]:
    """Row group by row group: what cannot be read of one is one fault that names its rows.

    Texts stay in their dictionary: a long one that is named often is held once.
    """
    texts = [field.name for field in pq.ParquetFile(path).schema_arrow if _is_text(field.type)]
    file = pq.ParquetFile(path, read_dictionary=texts)
    line = FIRST_ROW
    for group in range(file.num_row_groups):
        after = line + file.metadata.row_group(group).num_rows
        try:
            for batch in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group]):
                for name in texts:
                    _check_cells(batch.column(name), name)
                yield from _parquet_batch(batch, line)
                line += len(batch)
        except (pa.ArrowException, OSError, ValueError):
            detail = _("The rows %(first)d to %(last)d of the Parquet file are damaged; export them again.")
            yield line, _unread(line, detail % {"first": line, "last": after - 1})
        line = after


def _parquet_batch(batch: pa.RecordBatch, line: int) -> Iterator[Numbered]:
    """The rows of a batch; where one holds what Python has no value for, row by row."""
    try:
        yield from enumerate(batch.to_pylist(), start=line)
    except (pa.ArrowException, ValueError, OverflowError):
        for number in range(len(batch)):
            try:
                (row,) = batch.slice(number, 1).to_pylist()
            except (pa.ArrowException, ValueError, OverflowError):
                row = _unread(line + number, _("A cell of the row cannot be read; export it again."))
            yield line + number, row


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _check_cells(column: pa.DictionaryArray, name: str) -> None:
    longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
    if longest > CELL_MOST:
        detail = _("A cell of %(name)s is longer than %(most)d characters.") % {
            "name": name[:40],
            "most": CELL_MOST,
        }
        raise ProblemError(detail, "file", 413, "too_large")
