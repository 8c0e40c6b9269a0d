"""Lake, retention, backups."""

from __future__ import annotations

from pathlib import Path

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
BACKUP_DIR = Path(
    env.text("BACKUP_DIR", str(VAR_DIR / "backup"), "Backups and the log that follows them; another disk.")
)
BACKUP_DATABASE_URL = env.secret(
    "BACKUP_DATABASE_URL", "", "A role with REPLICATION, for base backups and the log; empty: only pg_dump."
)
BACKUP_KEEP = env.integer("BACKUP_KEEP", 3, "How many backups are kept; the log since the oldest too.")
DRILL_DIR = Path(
    env.text("DRILL_DIR", str(VAR_DIR / "drill"), "Folder of the scratch cluster of a restore drill.")
)
DRILL_ACCOUNT = env.text(
    "DRILL_ACCOUNT", "", "System user of the scratch cluster where root runs the worker."
)
POSTGRES_BIN = env.text(
    "POSTGRES_BIN", "", "Folder of PostgreSQL's programs; empty: the newest that is found."
)
