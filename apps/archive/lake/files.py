"""Parquet files of the lake: written under another name, then named; read back row group by row group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.hashes import SM3, Hash

from apps.archive.data import LAKE_SCHEMA, ROW_GROUP, SORTED_BY, WrittenFile
from apps.archive.lake.digests import Tally
from apps.archive.lake.places import Lake

PIECE = 1 << 20
SORTING = [pq.SortingColumn(LAKE_SCHEMA.get_field_index(name)) for name in SORTED_BY]


class HashedFile:
    """A file that Arrow writes to, and SM3 over what went by."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._hash = stream, Hash(SM3())
        self.size, self.closed = 0, False

    def write(self, data: Any) -> int:
        """Pass the bytes on."""
        self._hash.update(memoryview(data))
        self._stream.write(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes went by."""
        return self.size

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> str:
        """Close the file; returns SM3 in hexadecimal."""
        self.closed = True
        self._stream.close()
        return self._hash.finalize().hex()


def tables_write(lake: Lake, path: str, tables: Iterable[pa.Table]) -> WrittenFile:
    """Write observations, sorted as they come; the file has its name only when it is whole."""
    tally = Tally()
    options = {"compression": "zstd", "write_statistics": True, "sorting_columns": SORTING}
    size, checksum = _write(lake, path, tally.through(tables), LAKE_SCHEMA, options)
    return WrittenFile(tally.contents, size, checksum)


def table_write(lake: Lake, path: str, table: pa.Table) -> tuple[int, str]:
    """Write one table with a schema of its own; its size in bytes and SM3 over them."""
    return _write(lake, path, [table], table.schema, {"compression": "zstd"})


def _write(
    lake: Lake, path: str, tables: Iterable[pa.Table], schema: pa.Schema, options: dict[str, Any]
) -> tuple[int, str]:
    temporary = lake.temporary(path)
    file = HashedFile(lake.filesystem.open_output_stream(temporary))
    try:
        with pq.ParquetWriter(file, schema, **options) as writer:
            for table in row_groups(tables):
                writer.write_table(table, row_group_size=ROW_GROUP)
        checksum = file.close()
    except BaseException:
        file.close()
        lake.filesystem.delete_file(temporary)
        raise
    lake.publish(temporary, path)
    return file.size, checksum


def row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of a whole row group each; the last one may be smaller."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= ROW_GROUP:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def tables_read(lake: Lake, path: str) -> Iterator[pa.Table]:
    """The observations of a file, one row group at a time."""
    with lake.filesystem.open_input_file(lake.inside(path)) as source:
        file = pq.ParquetFile(source)
        for number in range(file.num_row_groups):
            yield file.read_row_group(number).cast(LAKE_SCHEMA)


def file_checksum(lake: Lake, path: str) -> str:
    """SM3 over the bytes as they lie there, in hexadecimal."""
    digest = Hash(SM3())
    with lake.filesystem.open_input_stream(lake.inside(path)) as source:
        while piece := source.read(PIECE):
            digest.update(piece)
    return digest.finalize().hex()
