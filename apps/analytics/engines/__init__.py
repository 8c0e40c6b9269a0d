"""Where a question is computed: embedded DuckDB, or Spark on many machines. The expressions are the same."""

from __future__ import annotations

from apps.analytics.engines.base import Engine
from apps.analytics.engines.duck import DuckEngine
from apps.analytics.engines.spark import SparkEngine

__all__ = ["DuckEngine", "Engine", "SparkEngine", "engine_open"]


def engine_open(address: str, *, threads: int = 2, memory: str = "2GB") -> Engine:
    """``"duckdb"``, or a Spark master such as ``spark://host:7077``; ValueError for any other address."""
    if address == "duckdb":
        return DuckEngine(threads=threads, memory=memory)
    if address.startswith(("spark://", "local[", "yarn", "k8s://")):
        return SparkEngine(master=address, memory=memory)
    raise ValueError(f"{address} is neither 'duckdb' nor a Spark master such as spark://host:7077.")
