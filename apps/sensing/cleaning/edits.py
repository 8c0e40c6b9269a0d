"""What a correction makes of readings: pure, so that a history can be replayed from the first values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Flag, Floats, Integers, Quality

Anchors = tuple[tuple[int, float], tuple[int, float]]  # (microseconds, value) before and after


@dataclass(frozen=True, slots=True)
class Versions:
    """Readings of one stream in time order, all of length n; ``raw`` is NaN where nothing was changed."""

    times: Integers
    results: Floats
    raw: Floats
    quality: NDArray[np.int16]
    flags: NDArray[np.int16]

    @property
    def original(self) -> Floats:
        """The values as they came."""
        return np.where(np.isnan(self.raw), self.results, self.raw)

    def take(self, rows: NDArray[np.bool_]) -> Versions:
        """The rows where the mask holds."""
        return Versions(
            self.times[rows], self.results[rows], self.raw[rows], self.quality[rows], self.flags[rows]
        )


@dataclass(frozen=True, slots=True)
class Operation:
    """One correction: what to do, and the number, quality or line that it needs."""

    name: str
    value: float = 0.0
    quality: int | None = None
    anchors: Anchors | None = None


def edited(before: Versions, operation: Operation, *, first: Versions) -> Versions:
    """The versions after the operation; ``first`` are the same readings before any correction.

    A corrected value counts as good unless the operation says otherwise.
    """
    if operation.name == "flag":
        quality = np.full_like(before.quality, operation.quality or 0)
        return replace(before, quality=quality, flags=before.flags | Flag.CORRECTED)
    if operation.name == "restore":
        return first
    with np.errstate(over="ignore"):  # the caller refuses what is not finite
        results = _results(before, operation)
    original = before.original
    raw = np.where(results == original, np.nan, original)
    quality = np.full_like(before.quality, Quality.GOOD if operation.quality is None else operation.quality)
    return replace(before, results=results, raw=raw, quality=quality, flags=before.flags | Flag.CORRECTED)


def _results(before: Versions, operation: Operation) -> Floats:
    if operation.name == "shift":
        return before.results + operation.value
    if operation.name == "scale":
        return before.results * operation.value
    if operation.name == "interpolate" and operation.anchors is not None:
        (start, first), (end, last) = operation.anchors
        return np.interp(before.times, [start, end], [first, last])
    return np.full_like(before.results, operation.value)
