"""News of the archive, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

backup_asked = Signal()  # backup_id: int
drill_asked = Signal()  # drill_id: int
