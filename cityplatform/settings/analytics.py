"""Where questions over the lake are computed."""

from __future__ import annotations

from cityplatform.settings import env

ANALYTICS_ENGINE = env.text(
    "ANALYTICS_ENGINE", "duckdb", "duckdb inside the worker, or a Spark master such as spark://host:7077."
)
ANALYTICS_THREADS = env.integer("ANALYTICS_THREADS", 2, "Threads that DuckDB may use.")
ANALYTICS_MEMORY = env.text("ANALYTICS_MEMORY", "2GB", "Memory of DuckDB, or of each Spark executor.")
