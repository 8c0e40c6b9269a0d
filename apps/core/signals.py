"""News of the bottom layer, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

job_changed = Signal()  # job_id: UUID, domain: str, body: dict as apps.core.jobs.job_body gives it
