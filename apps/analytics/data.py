"""A question over the history of readings, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; which of the later fields count depends on ``kind``."""

    kind: str  # a key of ``apps.analytics.services.answers.ANSWERS``
    domain: str
    streams: tuple[int, ...]
    start: datetime
    end: datetime
    step: int = HOUR  # seconds of a step
    target: int = 0  # regression, classification: the stream to explain; the others explain it
    limit: float = 0.0  # classification, bottleneck: what counts as high, or as busy
    period: int = 24  # decomposition: steps of the season
    offset_hours: int = 8  # profile: local time is UTC plus this
    layer: str = ""  # areas: the polygons, such as "farm.fields"
