"""DuckDB inside this process: no server, the lake's files are read as they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import fsspec
import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
from ibis.expr.types import IntegerColumn, Table, TimestampColumn

UTC = dt.Timestamp(timezone="UTC")


def epoch_us(moment: Any) -> Any:
    """Microseconds since 1970: a function of DuckDB."""


def divide(number: Any, by: Any) -> Any:
    """Whole-number division: a function of DuckDB."""


# Whole numbers from end to end: cutting timestamps with a time zone is six times slower in DuckDB.
EPOCH_US = ibis.udf.scalar.builtin(epoch_us, signature=((UTC,), dt.int64))
DIVIDE = ibis.udf.scalar.builtin(divide, signature=((dt.int64, dt.int64), dt.int64))


class DuckEngine:
    """One in-memory DuckDB."""

    name = "duckdb"

    def __init__(self, *, threads: int, memory: str) -> None:
        self._backend = ibis.duckdb.connect(threads=threads, memory_limit=memory)

    def parquet(self, paths: Sequence[str]) -> Table:
        """The files as a table; addresses such as ``s3://`` go through fsspec."""
        scheme = urlsplit(paths[0]).scheme
        if scheme not in {"", "file"}:
            self._backend.register_filesystem(fsspec.filesystem(scheme))
        local = [path.removeprefix("file://") for path in paths]
        return self._backend.read_parquet(local, hive_partitioning=True, union_by_name=True)

    def bucket(self, moments: TimestampColumn, seconds: int) -> IntegerColumn:
        """Whole-number division of the microseconds."""
        return DIVIDE(EPOCH_US(moments), seconds * 1_000_000)

    def fetch(self, table: Table) -> pa.Table:
        """The rows as Arrow gives them."""
        return table.to_pyarrow()

    def close(self) -> None:
        """Close the database."""
        self._backend.disconnect()
