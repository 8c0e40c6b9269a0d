"""Lines of a local source into readings; a line that is none is set aside with its reason."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from apps.sensing.data import Batch
from apps.sensing.edge.config import SourceConfig
from apps.sensing.times import FIRST, MICROSECONDS, iso_moment, number_kind

FIELDS = ("datastream", "phenomenonTime", "result")
SHOWN = 300  # characters of a line that is set aside
FAULTS = (msgspec.DecodeError, csv.Error, ValueError, TypeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no reading, and why."""

    line: str
    reason: str


@dataclass
class Streams:
    """Keys of streams and their numbers in this agent; ``fresh`` holds those not stored yet."""

    most: int
    numbers: dict[str, int] = field(default_factory=dict)
    fresh: list[tuple[int, str]] = field(default_factory=list)

    def number(self, key: str) -> int:
        """The number of a key, a new one when it is seen first; ValueError when there are too many."""
        found = self.numbers.get(key)
        if found is not None:
            return found
        if len(self.numbers) >= self.most or not 0 < len(key) <= SHOWN:
            raise ValueError(f"datastream {key[:40]!r}: more than {self.most} streams, or no key.")
        self.numbers[key] = number = len(self.numbers)
        self.fresh.append((number, key))
        return number


class LineReader:
    """Decodes the lines of one source: JSON by a generated type, all at once where none is broken."""

    def __init__(self, config: SourceConfig, streams: Streams) -> None:
        shape = [("datastream", str), ("phenomenonTime", int | str), ("result", float)]
        self._line = msgspec.defstruct("Line", shape, rename=config.names or None, gc=False)
        self._decoder = msgspec.json.Decoder(self._line)
        self._streams, self._columns = streams, config.columns
        self._is_csv = config.format == "csv"

    def read(self, lines: Sequence[bytes]) -> tuple[Batch, list[Unreadable]]:
        """The readings in the order of the lines, and the lines that are none; blank ones are nothing."""
        full = [line for line in lines if line and not line.isspace()]
        if not self._is_csv:
            try:
                return self._batch(
                    [self._row(line) for line in self._decoder.decode_lines(b"\n".join(full))]
                ), []
            except FAULTS:
                pass  # one line is broken: look at each alone
        rows, broken = [], []
        for line in full:
            try:
                rows.append(self._row(self._csv_line(line) if self._is_csv else self._decoder.decode(line)))
            except FAULTS as error:
                broken.append(Unreadable(line[:SHOWN].decode("utf-8", "replace"), str(error)[:SHOWN]))
        return self._batch(rows), broken

    def _row(self, line: Any) -> tuple[int, int, float]:
        if not math.isfinite(line.result):
            raise ValueError("result: not a finite number")
        return self._streams.number(line.datastream), micros(line.phenomenonTime), line.result

    def _csv_line(self, line: bytes) -> Any:
        cells = dict(zip(self._columns, next(csv.reader([line.decode()])), strict=True))
        moment = cells["phenomenonTime"].strip()
        time: int | str = int(moment) if moment.isascii() and moment.isdecimal() else moment
        return self._line(cells["datastream"].strip(), time, float(cells["result"]))

    def _batch(self, rows: Sequence[tuple[int, int, float]]) -> Batch:
        return Batch(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.int64),
            np.array([row[2] for row in rows], np.float64),
        )


def micros(value: int | str) -> int:
    """Microseconds since 1970 of unix milliseconds or of ISO 8601 text with an offset.

    ValueError for a time that no reading can have; of a number it says what that number probably is.
    """
    if isinstance(value, int):
        moment = value * 1000
    else:
        parsed = iso_moment(value)
        if parsed.tzinfo is None:
            raise ValueError("phenomenonTime: no offset; add Z or +08:00")
        moment = round(parsed.timestamp() * MICROSECONDS)
    if not EARLIEST <= moment < LATEST:
        kind = number_kind(value, first=EARLIEST, latest=LATEST) if isinstance(value, int) else ""
        raise ValueError(f"phenomenonTime: before 2000 or after 2199{HINTS[kind]}")
    return moment


EARLIEST = int(FIRST.timestamp()) * MICROSECONDS
LATEST = 7_258_118_400_000_000  # 2200
HINTS = {
    "": "",
    "seconds": "; seconds? send milliseconds",
    "microseconds": "; microseconds? send milliseconds",
    "nanoseconds": "; nanoseconds? send milliseconds",
    "date": "; a date in digits? send ISO 8601 text",
    "excel": "; a day number of Excel? send ISO 8601 text",
}
