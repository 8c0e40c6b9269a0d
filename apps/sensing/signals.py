"""News of sensing, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

upload_confirmed = Signal()  # upload_id: int
readings_corrected = Signal()  # datastream_ids: list[int], start: datetime, end: datetime
