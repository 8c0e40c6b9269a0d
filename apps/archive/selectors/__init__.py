"""Questions about the archive."""

from __future__ import annotations

from apps.archive.selectors.lake import days_due, lake_paths, streams_paths

__all__ = ["days_due", "lake_paths", "streams_paths"]
