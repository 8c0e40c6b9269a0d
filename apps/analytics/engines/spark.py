"""Spark on a cluster (``spark://`` master): the same questions where one machine is too small."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
from ibis.expr.types import IntegerColumn, Table, TimestampColumn

UTC = dt.Timestamp(timezone="UTC")


def unix_seconds(moment: Any) -> Any:
    """Whole seconds since 1970: a function of Spark."""


UNIX_SECONDS = ibis.udf.scalar.builtin(unix_seconds, signature=((UTC,), dt.int64))


class SparkEngine:
    """One Spark session on ``master``."""

    name = "spark"

    def __init__(self, *, master: str, memory: str, options: dict[str, str] | None = None) -> None:
        # pyspark is installed only where Spark is used.
        builder: Any = (
            import_module("pyspark.sql").SparkSession.builder.master(master).appName("cityplatform")
        )
        settings = {
            "spark.sql.session.timeZone": "UTC",
            "spark.executor.memory": memory.replace("GB", "g").replace("MB", "m"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "8",
            **(options or {}),
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self._backend = ibis.pyspark.connect(self._session)

    def parquet(self, paths: Sequence[str]) -> Table:
        """The files as a table; every worker must reach them under the same address."""
        root = paths[0].split("/domain=")[0]
        frame = self._session.read.option("basePath", root).parquet(*paths)
        name = f"lake_{abs(hash(tuple(paths)))}"
        frame.createOrReplaceTempView(name)
        return self._backend.table(name)

    def bucket(self, moments: TimestampColumn, seconds: int) -> IntegerColumn:
        """Whole-number division of the seconds."""
        return (UNIX_SECONDS(moments) // seconds).cast("int64")

    def fetch(self, table: Table) -> pa.Table:
        """The rows by Arrow; Ibis' own way goes through pandas."""
        return self._session.sql(self._backend.compile(table)).toArrow()

    def close(self) -> None:
        """End the session and its executors."""
        self._session.stop()
