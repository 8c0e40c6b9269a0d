"""What the expressions need of an engine beyond Ibis: a table, and whole buckets of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa
from ibis.expr.types import IntegerColumn, Table, TimestampColumn


class Engine(Protocol):
    """A computation engine that reads the lake."""

    name: str

    def parquet(self, paths: Sequence[str]) -> Table:
        """The rows of Parquet files with Hive partitions (``domain=…/day=…``) as a table."""

    def bucket(self, moments: TimestampColumn, seconds: int) -> IntegerColumn:
        """The number of the bucket of ``seconds`` since 1970 that each moment lies in."""

    def fetch(self, table: Table) -> pa.Table:
        """The rows of a table, small by now."""

    def close(self) -> None:
        """Give back memory and threads."""
