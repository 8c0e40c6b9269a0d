"""What every channel must know about each datastream, held in memory and refreshed from the database.

``StreamTable`` never changes: a refresh makes a new one and swaps the reference, so whoever decodes with a
table sees one state of it to the end, and the rows take the table along to where their limits are looked up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings

from apps.core.units import unit_convert, unit_read
from apps.sensing.cleaning.judging import MICROSECONDS
from apps.sensing.cleaning.memory import Previous, Seen
from apps.sensing.cleaning.rules import RULES
from apps.sensing.data import Floats, Integers
from apps.sensing.ingest.limits import GROUP, limits_table, peers_number
from apps.sensing.ingest.recalling import streams_recall

REFRESH_SECONDS = 10.0
UNKNOWN_SECONDS = 1.0  # an unknown key makes the table look again, but not more often than this
FACTS = """
    SELECT stream.id, stream.key, thing.domain, stream.unit, stream.low, stream.high, stream.max_step,
           stream.stuck_after, stream.max_age, extract(epoch FROM latest.phenomenon_time), latest.result,
           thing.code, stream.kind, coalesce(thing.properties->>'peers', thing.division),
           extract(epoch FROM stream.plausible_from)
      FROM sensing_datastream stream
      JOIN sensing_thing thing ON thing.id = stream.thing_id
      LEFT JOIN sensing_latestvalue latest ON latest.datastream_id = stream.id
     WHERE stream.active
"""
# as text: Django's connections and the gateway's read JSON differently
LIVE = "SELECT domain, kind, datastream_id, limits::text FROM sensing_cleaningrule WHERE state = 'live'"


def first_default() -> int:
    """Before this (microseconds since 1970) no reading is plausible, unless its datastream says so."""
    return int(settings.READINGS_FIRST.timestamp()) * MICROSECONDS


@dataclass(frozen=True, slots=True, eq=False)
class StreamTable:
    """Datastreams by id and key, and their rules as columns; as the database had them at one moment."""

    keys: Mapping[int | str, int] = field(default_factory=dict)  # id or key -> id
    domains: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    things: Mapping[int, str] = field(default_factory=dict)  # id -> code of the thing that carries it
    firsts: Mapping[int, int] = field(default_factory=dict)  # id -> its own first plausible time
    first: int = field(default_factory=first_default)  # of all others
    peers: Mapping[int, Integers] = field(default_factory=dict)  # number of a group -> streams it compares
    ids: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    limits: Floats = field(default_factory=lambda: np.empty((0, len(RULES))))

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]], rules: Sequence[tuple[Any, ...]]) -> StreamTable:
        """The table of rows of FACTS, sorted, and of LIVE."""
        limits = limits_table(rows, rules)
        return cls(
            keys={row[0]: row[0] for row in rows} | {row[1]: row[0] for row in rows},
            domains={row[0]: row[2] for row in rows},
            units={row[0]: row[3] for row in rows},
            things={row[0]: row[11] for row in rows},
            firsts={row[0]: int(row[14] * MICROSECONDS) for row in rows if row[14] is not None},
            peers=peers_number(limits, rows),
            ids=np.array([row[0] for row in rows], np.int64),
            limits=limits,
        )

    def first_of(self, stream: int) -> int:
        """The first plausible time of a stream, in microseconds since 1970."""
        return self.firsts.get(stream, self.first)

    def first_known(self, streams: Integers, times: Integers) -> bool:
        """Whether all rows of a batch, which is not empty, lie at or after the first plausible time."""
        if not self.firsts:
            return bool(times.min() >= self.first)
        return all(
            times[streams == stream].min() >= self.first_of(stream) for stream in np.unique(streams).tolist()
        )

    def limits_of(self, streams: Integers, before: Iterable[StreamTable] = ()) -> Floats:
        """A row of limits for each row; of a stream that is not here any more, from a table ``before``."""
        places = np.searchsorted(self.ids, streams)
        places[places == len(self.ids)] = 0
        gone = self.ids[places] != streams if len(self.ids) else np.ones(len(streams), bool)
        if not gone.any():
            return self.limits[places]
        found = np.full((len(streams), len(RULES)), np.nan)
        found[~gone] = self.limits[places[~gone]]
        for table in before:
            found[gone] = table.limits_of(streams[gone])
            found[gone, GROUP] = np.nan  # numbers of groups mean nothing in another table
            gone[gone] = np.isnan(found[gone]).all(axis=1)
        return found

    def names(self, streams: Iterable[int]) -> dict[int, str]:
        """The keys of some streams by their ids; looks through all, which is seldom needed."""
        wanted = set(streams)
        return {number: key for key, number in self.keys.items() if number in wanted and isinstance(key, str)}

    def owned(self, domain: str) -> Sequence[int]:
        """The ids of the streams of one domain."""
        return [stream for stream, owner in self.domains.items() if owner == domain]

    def converted(self, stream: int, value: float, unit: str) -> float:
        """``value`` in the stream's own unit; ValueError (UnitError) when that cannot be."""
        wanted = self.units[stream]
        if unit == wanted:
            return value
        return unit_convert(value, unit_read(unit, like=wanted), wanted)


@dataclass(eq=False)
class KnownStreams:
    """The current table of one process, and what its writer has seen last of each stream."""

    table: StreamTable = field(default_factory=StreamTable)
    previous: Previous = field(default_factory=Previous)
    repeats: bool = False  # whether the last batch held readings that were known already
    lock: threading.RLock = field(default_factory=threading.RLock)  # where several threads write
    _loaded: float = -1e9

    def load(self, cursor: Any) -> None:
        """Read every active datastream; readings that this process has seen stay the newest."""
        rows = sorted(cursor.execute(FACTS).fetchall(), key=lambda row: row[0])
        self.table = StreamTable.of(rows, cursor.execute(LIVE).fetchall())
        fresh = np.setdiff1d(self.table.ids, self.previous.ids)
        if len(fresh):
            self.previous.remember(streams_recall(cursor, fresh, self.table.limits_of(fresh)))
        self._hear([row for row in rows if row[9] is not None and row[10] is not None])
        self._loaded = time.monotonic()

    def _hear(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """What other processes have stored last."""
        ids = np.array([row[0] for row in rows], np.int64)
        times = np.array([int(row[9] * MICROSECONDS) for row in rows], np.int64)
        self.previous.hear(ids, times, np.array([row[10] for row in rows], np.float64))

    def remember(self, seen: Seen) -> None:
        """Take over what a committed batch has changed."""
        with self.lock:
            self.previous.remember(seen)

    def is_stale(self, *, unknown: bool) -> bool:
        """Whether the table should be read again; ``unknown`` says that a key was not found."""
        age = time.monotonic() - self._loaded
        return age > (UNKNOWN_SECONDS if unknown else REFRESH_SECONDS)
