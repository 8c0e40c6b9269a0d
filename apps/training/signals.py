"""News of the learning app, sent after commit."""

from __future__ import annotations

from django.dispatch import Signal

run_queued = Signal()  # run_id: int; a new run, or one to be continued
model_promoted = Signal()  # model_id: int
