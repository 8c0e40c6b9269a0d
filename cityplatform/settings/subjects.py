"""The rights of the people that the data speak of."""

from __future__ import annotations

from cityplatform.settings import env
from cityplatform.settings.archive import BACKUP_DIR

ERASURE_JOURNAL = env.text(
    "ERASURE_JOURNAL",
    str(BACKUP_DIR / "erasures.jsonl"),
    "File beside the backups that remembers deletions of people, so that a restore repeats them.",
)
