"""Lake, retention, backups."""

from __future__ import annotations

from cityplatform.settings import env
from cityplatform.settings.base import VAR_DIR

LAKE_URL = env.text(
    "LAKE_URL",
    f"file://{VAR_DIR / 'lake'}",
    "The Parquet lake: file://, s3:// or hdfs://, options in the query.",
)
