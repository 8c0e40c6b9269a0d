"""Writes of the pulls app."""

from __future__ import annotations

from apps.pulls.services.registering import source_create, source_delete, source_update
from apps.pulls.services.running import source_ask, source_pull, sources_due

__all__ = ["source_ask", "source_create", "source_delete", "source_pull", "source_update", "sources_due"]
