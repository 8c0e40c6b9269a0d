"""Exports of observations: how much one may hold and how many run at once."""

from __future__ import annotations

from cityplatform.settings import env

EXPORT_MOST_ROWS = env.integer("EXPORT_MOST_ROWS", 20_000_000, "Most observations that one export gives.")
EXPORTS_AT_ONCE = env.integer("EXPORTS_AT_ONCE", 3, "Exports that one web process streams at the same time.")
