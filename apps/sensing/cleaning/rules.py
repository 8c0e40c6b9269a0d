"""The limits that the rules compare with, as columns: one cell a row of the batch."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import Batch, Floats, Integers

WINDOW = 7  # earlier values that a spike is compared with
History = dict[int, Floats]


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of each row's stream; NaN, or no column, where a rule does not apply. Times in seconds."""

    low: Floats
    high: Floats
    max_step: Floats
    stuck_after: Floats
    max_age: Floats
    spike: Floats | None = None  # robust deviations from the median of the last ``WINDOW`` values
    mend: Floats | None = None  # 1 where a spike is replaced by that median
    clock: Floats | None = None  # how far the device's clock may be ahead of the arrival
    peers: Floats | None = None  # robust deviations from the median of the peers

    def take(self, rows: NDArray[np.bool_]) -> Rules:
        """The rows where the mask holds."""
        columns = [getattr(self, part.name) for part in fields(self)]
        return Rules(*(None if column is None else column[rows] for column in columns))


RULES = tuple(part.name for part in fields(Rules))


def rules_of(limits: Floats) -> Rules:
    """Rules from a table with one column a rule, in the order of ``RULES``; unused columns cost nothing."""
    columns = [limits[:, number] for number in range(len(RULES))]
    used = [
        column if number < FIRST_OPTIONAL or np.isfinite(column).any() else None
        for number, column in enumerate(columns)
    ]
    return Rules(*used)


FIRST_OPTIONAL = RULES.index("spike")


@dataclass
class Previous:
    """The last reading of each stream: time, value, since when it is the same; and some before it."""

    last: dict[int, tuple[int, float, int]] = field(default_factory=dict)
    history: History = field(
        default_factory=dict
    )  # the last ``WINDOW`` values, oldest first, where a rule needs them

    def columns(self, streams: Integers) -> tuple[Integers, Floats, Integers]:
        """Last time (0 when unknown), value (NaN) and unchanged-since for each row's stream."""
        unique, where = np.unique(streams, return_inverse=True)
        known = [self.last.get(int(stream), (0, np.nan, 0)) for stream in unique]
        times = np.array([item[0] for item in known], np.int64)
        values = np.array([item[1] for item in known], np.float64)
        since = np.array([item[2] for item in known], np.int64)
        return times[where], values[where], since[where]

    def hear(self, stream: int, time: int, value: float) -> None:
        """Another process has stored a reading: what this one remembers must not be older."""
        last, before, since = self.last.get(stream, (0, value, time))
        if time > last:
            self.last[stream] = (time, value, since if value == before else time)

    def remember(self, batch: Batch, since: Integers) -> None:
        """Keep the newest reading of each stream of a batch sorted by (stream, time)."""
        is_last = (
            np.append(batch.streams[1:] != batch.streams[:-1], [True]) if len(batch) else np.empty(0, bool)
        )
        for row in np.flatnonzero(is_last):
            stream, time = int(batch.streams[row]), int(batch.times[row])
            if time > self.last.get(stream, (0,))[0]:
                self.last[stream] = (time, float(batch.results[row]), int(since[row]))
