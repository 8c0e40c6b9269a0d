"""News of sharing, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

notices_queued = Signal()  # nothing beside the sender: there is something to deliver
