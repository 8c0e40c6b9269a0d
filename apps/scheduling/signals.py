"""News of planning, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

plan_queued = Signal()  # plan_id: int
