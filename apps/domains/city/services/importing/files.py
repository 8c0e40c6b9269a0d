"""Text and Parquet files as rows of words; every complaint names the file, the line and the column."""

from __future__ import annotations

import csv
import gzip
import io
import math
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

GZIP_MAGIC = b"\x1f\x8b"
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and rows of words, as they stood in the file; ``first_line`` is the line of the first row."""

    name: str
    header: list[str]
    rows: list[list[str]]
    first_line: int = 2

    def column(self, *names: str) -> int:
        """The place of the first of ``names`` that the header has; ProblemError lists what there is."""
        for name in names:
            if name in self.header:
                return self.header.index(name)
        words = _("%(file)s has no column %(names)s; it has: %(known)s.")
        known = ", ".join(self.header[:12])
        raise ProblemError(words % {"file": self.name, "names": " / ".join(names), "known": known}, names[0])

    def fault(self, row: int, column: int, sentence: str) -> ProblemError:
        """A complaint about one cell."""
        words = _("%(file)s, line %(line)d, column %(column)s: %(fault)s")
        name = self.header[column] if column < len(self.header) else str(column + 1)
        values = {"file": self.name, "line": self.first_line + row, "column": name, "fault": sentence}
        return ProblemError(words % values, name)

    def number(self, row: int, column: int) -> float:
        """The number in one cell; NaN where it is empty."""
        word = self.rows[row][column].strip()
        try:
            value = float(word) if word else math.nan
        except ValueError:
            raise self.fault(row, column, _("%(word)r is not a number.") % {"word": word[:40]}) from None
        if math.isinf(value):
            raise self.fault(row, column, _("The number is infinite."))
        return value


def sheet_read(path: Path, *, has_header: bool = True) -> Sheet:
    """A CSV file (UTF-8 or GB18030, also gzipped) or a Parquet file."""
    content = _content(path)
    if path.suffix == ".parquet":
        return _parquet(path, content)
    if content[:2] == GZIP_MAGIC:
        content = _unzipped(path, content)
    rows = [row for row in csv.reader(io.StringIO(_text(path, content))) if row]
    if not rows:
        raise ProblemError(_("%(file)s is empty.") % {"file": path.name}, "file")
    header = (
        [word.strip() for word in rows.pop(0)] if has_header else [str(n + 1) for n in range(len(rows[0]))]
    )
    sheet = Sheet(path.name, header, rows, 2 if has_header else 1)
    for number, row in enumerate(rows):
        if len(row) != len(header):
            words = _("The line has %(found)d cells, %(wanted)d are expected.")
            raise sheet.fault(
                number, min(len(row), len(header) - 1), words % {"found": len(row), "wanted": len(header)}
            )
    return sheet


def mapping_read(path: Path | None) -> dict[str, str]:
    """Column names by what they mean, from a JSON or YAML file."""
    if path is None:
        return {}
    try:
        found = yaml.safe_load(_content(path).decode())  # JSON is YAML
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        words = _("%(file)s is neither JSON nor YAML.")
        raise ProblemError(words % {"file": path.name}, "mapping") from error
    if not isinstance(found, dict):
        raise ProblemError(_("The mapping must be names and columns, such as time: timestamp."), "mapping")
    return {str(key): str(value) for key, value in found.items()}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        words = _("%(file)s cannot be read: %(reason)s.")
        raise ProblemError(words % {"file": path, "reason": error.strerror}, "file") from error


def _unzipped(path: Path, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError) as error:
        raise ProblemError(_("%(file)s is a broken gzip file.") % {"file": path.name}, "file") from error


def _text(path: Path, content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    words = _("%(file)s is neither UTF-8 nor GB18030 text.")
    raise ProblemError(words % {"file": path.name}, "file")


def _parquet(path: Path, content: bytes) -> Sheet:
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowInvalid, OSError) as error:
        raise ProblemError(_("%(file)s is a broken Parquet file.") % {"file": path.name}, "file") from error
    columns = [
        ["" if value is None else str(value) for value in column.to_pylist()] for column in table.columns
    ]
    return Sheet(path.name, table.column_names, [list(row) for row in zip(*columns, strict=True)], 1)
