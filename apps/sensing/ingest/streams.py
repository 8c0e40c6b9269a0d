"""What a door must know about each datastream, held in memory and refreshed from the database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from apps.core.units import unit_factor, unit_is_known
from apps.sensing.cleaning.judging import MICROSECONDS
from apps.sensing.cleaning.memory import Previous
from apps.sensing.cleaning.rules import RULES, Rules, rules_of
from apps.sensing.data import Floats, Integers
from apps.sensing.ingest.limits import limits_table, peers_number

REFRESH_SECONDS = 10.0
UNKNOWN_SECONDS = 1.0  # an unknown key makes the table look again, but not more often than this
FACTS = """
    SELECT stream.id, stream.key, thing.domain, stream.unit, stream.low, stream.high, stream.max_step,
           stream.stuck_after, stream.max_age, extract(epoch FROM latest.phenomenon_time), latest.result,
           thing.code, stream.kind, coalesce(thing.properties->>'peers', thing.division)
      FROM sensing_datastream stream
      JOIN sensing_thing thing ON thing.id = stream.thing_id
      LEFT JOIN sensing_latestvalue latest ON latest.datastream_id = stream.id
     WHERE stream.active
"""
# as text: Django's connections and the gateway's read JSON differently
LIVE = "SELECT domain, kind, datastream_id, limits::text FROM sensing_cleaningrule WHERE state = 'live'"


@dataclass
class StreamTable:
    """Datastreams by id and key, their rules as columns, and their last readings."""

    keys: dict[int | str, int] = field(default_factory=dict)  # id or key -> id
    domains: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    things: dict[int, str] = field(default_factory=dict)  # id -> code of the thing that carries it
    previous: Previous = field(default_factory=Previous)
    repeats: bool = False  # whether the last batch held readings that were known already
    _ids: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    _limits: Floats = field(default_factory=lambda: np.empty((0, len(RULES))))
    peers: dict[int, Integers] = field(default_factory=dict)  # number of a group -> streams that it compares
    _loaded: float = -1e9

    def load(self, cursor: Any) -> None:
        """Read every active datastream; readings that this process has seen stay the newest."""
        rows = cursor.execute(FACTS).fetchall()
        self.keys = {row[0]: row[0] for row in rows} | {row[1]: row[0] for row in rows}
        self.domains = {row[0]: row[2] for row in rows}
        self.units = {row[0]: row[3] for row in rows}
        self.things = {row[0]: row[11] for row in rows}
        rows.sort()
        self._ids = np.array([row[0] for row in rows], np.int64)
        self._limits = limits_table(rows, cursor.execute(LIVE).fetchall())
        self.peers = peers_number(self._limits, rows)
        self._hear([row for row in rows if row[9] is not None and row[10] is not None])
        self._loaded = time.monotonic()

    def _hear(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """What other processes have stored last."""
        ids = np.array([row[0] for row in rows], np.int64)
        times = np.array([int(row[9] * MICROSECONDS) for row in rows], np.int64)
        self.previous.hear(ids, times, np.array([row[10] for row in rows], np.float64))

    def is_stale(self, *, unknown: bool) -> bool:
        """Whether the table should be read again; ``unknown`` says that a key was not found."""
        age = time.monotonic() - self._loaded
        return age > (UNKNOWN_SECONDS if unknown else REFRESH_SECONDS)

    def rules(self, streams: Integers) -> Rules:
        """The limits of each row's stream; every id must be in the table."""
        return rules_of(self._limits[np.searchsorted(self._ids, streams)])

    def owned(self, domain: str) -> Sequence[int]:
        """The ids of the streams of one domain."""
        return [stream for stream, owner in self.domains.items() if owner == domain]

    def converted(self, stream: int, value: float, unit: str) -> float | None:
        """``value`` in the stream's own unit, or None when ``unit`` measures something else."""
        if unit == self.units[stream]:
            return value
        if not unit_is_known(unit):
            return None
        try:
            scale, offset = unit_factor(unit, self.units[stream])
        except ValueError:
            return None
        return value * scale + offset
