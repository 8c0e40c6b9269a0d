"""Table files at an address: CSV in any encoding that the upload page takes, Parquet, Excel."""

from __future__ import annotations

import tempfile
from pathlib import Path

from apps.pulls.data import Fetched, TableMapping
from apps.pulls.models import Source
from apps.pulls.readers.reaching import source_fetch
from apps.sensing.services import ColumnMapping
from apps.sensing.services.tables import table_readings


def read(source: Source, mapping: TableMapping) -> Fetched:
    """The readings of the file."""
    answer = source_fetch(source, mapping)
    if answer is None:
        return Fetched(unchanged=True)
    columns = ColumnMapping(
        time=mapping.time,
        datastream=mapping.datastream,
        result=mapping.result,
        unit=mapping.unit,
        wide=mapping.wide,
        time_zone=mapping.time_zone,
        time_unit=mapping.time_unit,
    )
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer.body)
        file.flush()
        rows = list(table_readings(Path(file.name), mapping=columns))
    headers = answer.headers
    return Fetched(rows, etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""))
