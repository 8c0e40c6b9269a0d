"""Plain values of readings: quality, flags, batches and matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, IntFlag
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from apps.core.texts import text_clean

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Door = Literal["upload", "http", "mqtt", "sensorthings", "pull"]  # the values of ``models.Channel``


class Quality(IntEnum):
    """How far a value can be trusted; stored with every observation."""

    GOOD = 0
    SUSPECT = 1
    BAD = 2  # kept, never used
    MISSING = 3


class Flag(IntFlag):
    """Which rules a value broke."""

    NONE = 0
    RANGE = 1
    STEP = 2
    STUCK = 4
    GAP = 8
    SPIKE = 16
    CLOCK = 32
    CROSS = 64
    CONVERTED = 128  # the device sent another unit
    CORRECTED = 256  # a person or a rule has changed the value
    ANOMALY = 512


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings as columns: datastream ids, microseconds since 1970, results. All of length n.

    ``marks`` holds the flags that the door itself gives a row (CONVERTED); None when it gave none. ``rows``
    are the numbers that the rows had where they came from; None where those are their places here.
    """

    streams: Integers
    times: Integers
    results: Floats
    marks: NDArray[np.int16] | None = None
    rows: Integers | None = None

    def __len__(self) -> int:
        return len(self.streams)

    def numbers(self) -> Integers:
        """The number of each row where it came from."""
        return np.arange(len(self)) if self.rows is None else self.rows

    def take(self, rows: Integers) -> Batch:
        """The rows with these indexes, in this order."""
        marks = None if self.marks is None else self.marks[rows]
        numbers = None if self.rows is None else self.rows[rows]
        return Batch(self.streams[rows], self.times[rows], self.results[rows], marks, numbers)


def batches_joined(batches: Sequence[Batch]) -> Batch:
    """Some batches, at least one, after one another."""
    streams, times = (
        np.concatenate([getattr(batch, name) for batch in batches]) for name in ("streams", "times")
    )
    results = np.concatenate([batch.results for batch in batches])
    if all(batch.marks is None for batch in batches):
        return Batch(streams, times, results)
    marks = [np.zeros(len(batch), np.int16) if batch.marks is None else batch.marks for batch in batches]
    return Batch(streams, times, results, np.concatenate(marks))


EMPTY = Batch(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch sorted by (stream, time) with the verdict of the quality rules.

    ``raw`` holds the values as they came where a rule has corrected them, NaN elsewhere; None when none did.
    """

    batch: Batch
    quality: NDArray[np.int16]
    flags: NDArray[np.int16]
    raw: Floats | None = None

    def take(self, rows: Integers) -> Judged:
        """The rows with these indexes, in this order."""
        raw = None if self.raw is None else self.raw[rows]
        return Judged(self.batch.take(rows), self.quality[rows], self.flags[rows], raw)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be stored: where, which field, and what to do."""

    index: int
    field: str
    code: str
    detail: str
    row: Any = None

    def __post_init__(self) -> None:
        """A reason may quote what was sent; the answer and the quarantine take characters only."""
        if type(self.detail) is str:  # a sentence of core.sentences has clean parameters already
            object.__setattr__(self, "detail", text_clean(self.detail))

    @property
    def told(self) -> dict[str, Any]:
        """What its sender hears: which row, which field, and what to do."""
        return {"index": self.index, "field": self.field, "code": self.code, "detail": str(self.detail)}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row with another value than the one that is stored for its moment; the stored one stays."""

    index: int  # the row's number in what its sender has sent
    datastream: int
    time: int  # microseconds since 1970
    result: float
    stored: float


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of rows: new ones, known ones, those with another value, and those with a fault."""

    stored: int
    repeated: int
    faults: tuple[Fault, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    implausible: int = 0  # of the new ones: marked bad, since the value is outside of what is plausible

    def __add__(self, other: Stored) -> Stored:
        """What became of both."""
        return Stored(
            self.stored + other.stored,
            self.repeated + other.repeated,
            (*self.faults, *other.faults),
            (*self.conflicts, *other.conflicts),
            self.implausible + other.implausible,
        )


@dataclass(frozen=True, slots=True)
class SeriesMatrix:
    """Means per step: ``times`` (T,) datetime64[s], each step's start; ``values`` (T, N) with NaN gaps."""

    times: NDArray[np.datetime64]
    values: Floats
    datastream_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadingsUsed:
    """The readings that something was computed from: of which streams, from when to when, and read when."""

    datastream_ids: tuple[int, ...]
    start: datetime
    end: datetime
    read_at: datetime

    def with_others(self, other: ReadingsUsed | None) -> ReadingsUsed:
        """These readings and those of ``other``; the times span both."""
        if other is None:
            return self
        return ReadingsUsed(
            tuple(sorted({*self.datastream_ids, *other.datastream_ids})),
            min(self.start, other.start),
            max(self.end, other.end),
            min(self.read_at, other.read_at),
        )
