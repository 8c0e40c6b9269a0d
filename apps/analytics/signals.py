"""News of analytics, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

analysis_queued = Signal()  # analysis_id: int
