"""Readings as bytes on the disk: 21 bytes each, then deflated."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.sensing.data import EMPTY, Batch, Integers

ROW = 21  # bytes: stream 4, time 8, result 8, flagged 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """Readings by stream number, and which of them broke a quality rule."""

    batch: Batch
    flagged: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.batch)

    def take(self, rows: Integers) -> Waiting:
        """The rows with these indexes, in this order."""
        return Waiting(self.batch.take(rows), self.flagged[rows])


NOTHING = Waiting(EMPTY, np.empty(0, bool))


def waiting_pack(waiting: Waiting) -> bytes:
    """The columns one behind the other; times and streams as differences, which deflate well."""
    batch = waiting.batch
    columns = (
        np.diff(batch.streams, prepend=0).astype(np.int32),
        np.diff(batch.times, prepend=0),
        batch.results,
        waiting.flagged,
    )
    return zlib.compress(b"".join(column.tobytes() for column in columns), 1)


def waiting_unpack(packed: bytes) -> Waiting:
    """The readings of ``waiting_pack``."""
    plain = zlib.decompress(packed)
    rows = len(plain) // ROW
    streams = np.frombuffer(plain, np.int32, rows).astype(np.int64).cumsum()
    times = np.frombuffer(plain, np.int64, rows, 4 * rows).cumsum()
    results = np.frombuffer(plain, np.float64, rows, 12 * rows)
    return Waiting(Batch(streams, times, results), np.frombuffer(plain, np.bool_, rows, 20 * rows))
