"""Table files that other apps fetch, read as the upload page reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apps.sensing.files.mapping import ColumnMapping, number_in, readings_numbered
from apps.sensing.files.moments import cell_moment
from apps.sensing.files.tables import table_open

__all__ = ["cell_moment", "number_in", "table_readings"]


def table_readings(path: Path, *, mapping: ColumnMapping) -> Iterator[Any]:
    """The rows of a CSV, Parquet or Excel file as every door decodes them; an unreadable one as its fault.

    ProblemError when the file as a whole cannot be read.
    """
    table = table_open(path)
    mapping.check(table.columns)
    zone = mapping.zone()
    yield from (reading for _line, reading in readings_numbered(table.numbered(), mapping, zone))
