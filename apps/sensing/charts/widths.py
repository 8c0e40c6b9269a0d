"""Which width of bucket, and which table to read it from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Source = Literal["raw", "minute", "hour", "day"]
DAY = 86_400
STEPS: dict[Source, int] = {"minute": 60, "hour": 3600, "day": DAY}  # seconds
PLEASANT = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, DAY)


def width_for(span: float, *, points: int) -> int:
    """The smallest pleasant width in seconds that cuts ``span`` seconds into at most ``points`` buckets."""
    least = span / points
    return next((width for width in PLEASANT if width >= least), -(-int(least) // DAY) * DAY)


def source_for(width: int) -> Source:
    """The coarsest roll-up whose buckets fill a bucket of ``width`` seconds exactly."""
    return next(source for source in reversed(STEPS) if width % STEPS[source] == 0)


def finest_within(
    span: float, *, interval: float, most: int, sources: Sequence[Source] = tuple(STEPS)
) -> Source:
    """The finest table that gives at most ``most`` rows; ``interval`` is the time between raw readings."""
    if span / interval <= most:
        return "raw"
    return next((source for source in sources if span / STEPS[source] <= most), sources[-1])
