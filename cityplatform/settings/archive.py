"""Lake, retention, backups."""

from __future__ import annotations

from cityplatform.settings import env
from cityplatform.settings.base import VAR_DIR

LAKE_URL = env.text(
    "LAKE_URL",
    f"file://{VAR_DIR / 'lake'}",
    "The Parquet lake: file://, s3:// or hdfs://, options in the query.",
)
RETENTION_MONTHS = env.integer(
    "RETENTION_MONTHS", 24, "Whole months that readings stay in the database where no rule says otherwise."
)
RETENTION_LAKE_YEARS = env.integer(
    "RETENTION_LAKE_YEARS", 10, "Years that readings stay in the lake where no rule says otherwise."
)
