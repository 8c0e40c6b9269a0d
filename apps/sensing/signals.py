"""News of sensing, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

upload_confirmed = Signal()  # upload_id: int
