"""News of approvals and reveals, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

field_revealed = Signal()  # pk: int, domain: str
