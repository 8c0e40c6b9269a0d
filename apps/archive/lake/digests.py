"""What a set of rows amounts to, whatever their order: equal digests mean equal rows, to the bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from apps.archive.data import Contents

Words = NDArray[np.uint64]
WRAP = (1 << 64) - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Tally:
    """Adds up tables with the schema of the lake."""

    def __init__(self) -> None:
        self._rows, self._first, self._second, self._newest = 0, 0, 0, -1

    def add(self, table: pa.Table) -> None:
        """Count these rows in."""
        if not len(table):
            return
        words = row_words(table)
        self._rows += len(table)
        self._first = (self._first + int(words.sum(dtype=np.uint64))) & WRAP
        self._second = (self._second + int(_mixed(words ^ np.uint64(0xA5A5A5A5)).sum(dtype=np.uint64))) & WRAP
        self._newest = max(self._newest, int(pc.max(table["recorded_at"].cast(pa.int64())).as_py()))

    def through(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The same tables, counted as they pass."""
        for table in tables:
            self.add(table)
            yield table

    @property
    def contents(self) -> Contents:
        """What has been added so far."""
        newest = EPOCH + timedelta(microseconds=self._newest) if self._rows else None
        return Contents(self._rows, f"{self._first:016x}{self._second:016x}", newest)


def contents_of(tables: Iterable[pa.Table]) -> Contents:
    """Rows, digest and newest ``recorded_at`` of all tables together."""
    tally = Tally()
    for table in tables:
        tally.add(table)
    return tally.contents


def row_words(table: pa.Table) -> Words:
    """One 64-bit word a row that depends on every bit of it; a missing value differs from every value."""
    result, raw = table["result"], table["raw"]
    marks = _integers(table["quality"]) & 0xFFFF | (_integers(table["flags"]) & 0xFFFF) << 16
    marks |= _nulls(result) << 32 | _nulls(raw) << 33
    columns = (
        _integers(table["datastream_id"]),
        _integers(table["phenomenon_time"]),
        _bits(result),
        _bits(raw),
        marks,
        _integers(table["recorded_at"]),
    )
    words = np.zeros(len(table), np.uint64)
    for number, column in enumerate(columns, start=1):
        words = _mixed(words ^ (column.view(np.uint64) + np.uint64(number * 0x9E3779B97F4A7C15 & WRAP)))
    return words


def _mixed(words: Words) -> Words:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit moves every other."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.ascontiguousarray(column.cast(pa.int64()).to_numpy())


def _nulls(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(pc.is_null(column), np.int64)


def _bits(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.ascontiguousarray(pc.fill_null(column, 0.0).to_numpy()).view(np.int64)
