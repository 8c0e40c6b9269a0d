"""Windows of time as columns: what is known of each stream's readings in one window."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Floats, Integers


@dataclass(frozen=True, slots=True)
class Windows:
    """One row for each (stream, window); the window's number is its start divided by its length."""

    stream: Integers
    window: Integers
    count: Integers
    total: Floats
    low: Floats
    low_time: Integers
    high: Floats
    high_time: Integers
    last: Floats
    last_time: Integers

    @classmethod
    def none(cls) -> Windows:
        """No window."""
        return cls.unpack({})

    @classmethod
    def unpack(cls, columns: dict[str, bytes]) -> Windows:
        """The windows of ``pack``."""
        return cls(
            **{name: np.frombuffer(columns.get(name, b""), kind).copy() for name, kind in KINDS.items()}
        )

    def pack(self) -> dict[str, bytes]:
        """Each column as bytes."""
        return {item.name: getattr(self, item.name).tobytes() for item in fields(self)}

    def take(self, rows: Integers | NDArray[np.bool_]) -> Windows:
        """Some of the rows."""
        return Windows(*(getattr(self, item.name)[rows] for item in fields(self)))


KINDS: dict[str, Any] = {
    item.name: np.int64 if item.type == "Integers" else np.float64 for item in fields(Windows)
}  # annotations are text


def windows_of(batch: Batch, window: Integers) -> Windows:
    """Each reading as a window of its own, joined where stream and window are the same."""
    times, values = batch.times, batch.results
    alone = Windows(
        batch.streams,
        window,
        np.ones(len(batch), np.int64),
        values,
        values,
        times,
        values,
        times,
        values,
        times,
    )
    return _merged(alone)


def windows_join(first: Windows, second: Windows) -> Windows:
    """Both, sorted by (stream, window), joined where these are the same."""
    names = [item.name for item in fields(Windows)]
    return _merged(
        Windows(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in names))
    )


def _merged(parts: Windows) -> Windows:
    if not len(parts.stream):
        return parts
    parts = parts.take(np.lexsort((parts.last_time, parts.window, parts.stream)))
    is_new = np.ones(len(parts.stream), bool)
    is_new[1:] = (parts.stream[1:] != parts.stream[:-1]) | (parts.window[1:] != parts.window[:-1])
    starts = np.flatnonzero(is_new)
    ends = np.append(starts[1:], len(is_new)) - 1
    group = np.cumsum(is_new)
    lowest = np.lexsort((parts.low_time, parts.low, group))[starts]
    highest = np.lexsort((parts.high_time, -parts.high, group))[starts]
    return Windows(
        parts.stream[starts],
        parts.window[starts],
        np.add.reduceat(parts.count, starts),
        np.add.reduceat(parts.total, starts),
        parts.low[lowest],
        parts.low_time[lowest],
        parts.high[highest],
        parts.high_time[highest],
        parts.last[ends],
        parts.last_time[ends],
    )
