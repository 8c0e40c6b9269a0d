"""Questions about the access log and the history of changes."""

from __future__ import annotations

from apps.audit.tracking import tracked_models

__all__ = ["tracked_models"]
