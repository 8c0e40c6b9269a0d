"""Readings a second through the gateway, beside raw binary COPY into the same table in the same run.

The reference copies the same rows in the same order, encoded beforehand, 50 000 a commit: what PostgreSQL can
do with this table (partitioned, keyed, fsync on) and this disk. Rounds are interleaved; medians are printed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import count
from statistics import median
from typing import Any

import numpy as np
import psycopg

from apps.sensing.data import Batch, Judged
from apps.sensing.ingest.copying import COLUMNS, copy_bytes
from benchmarks.clients import batches_post, singles_rate
from benchmarks.figures import Figure
from benchmarks.sizes import size
from tests.faults.bare import Bare, bare_running

STREAMS, STEPS = size(1000, 50), 5  # a body holds five readings of each stream
ROUNDS, BODIES = size((3, 30), (1, 3))
COPY_ROWS = 50_000  # a commit
CONNECTIONS, PEER_CONNECTIONS, SECONDS = size((64, 16, 5.0), (4, 2, 0.5))  # the peer fails with more
GOALS = {"columnar": 0.75, "columnar, 10 % repeated": 0.35}
SINGLE_GOAL, P99_GOAL_MS = 15.0, 50.0
Columns = dict[str, list[Any]]


class Source:
    """Bodies whose readings nobody has sent before; each begins where the last one ended."""

    def __init__(self, streams: list[str], *, begin: int = 0) -> None:
        tenth = (np.datetime64("now", "M") - 1).astype("datetime64[D]") + 9  # of last month: one partition
        self._streams = streams
        self._clock = begin or int(tenth.astype("datetime64[ms]").astype(int))  # unix milliseconds
        self._draw = np.random.default_rng(7)

    def columns(self) -> Columns:
        """5000 readings in the order of their times."""
        times = [self._clock + step * 1000 for step in range(STEPS) for _stream in self._streams]
        self._clock += STEPS * 1000
        results = np.round(self._draw.normal(800, 100, len(times)), 1).tolist()
        return {"datastream": self._streams * STEPS, "phenomenonTime": times, "result": results}

    def with_repeated(self, known: Columns) -> Columns:
        """A tenth of the readings is one of ``known``."""
        fresh, tenth = self.columns(), len(known["result"]) // 10
        return {name: cells[tenth:] + known[name][:tenth] for name, cells in fresh.items()}

    def singles(self) -> Iterator[bytes]:
        """One reading a body."""
        for number in count():
            stream = self._streams[number % STREAMS]
            self._clock += number % STREAMS == 0
            yield json.dumps({"datastream": stream, "phenomenonTime": self._clock, "result": 800.5}).encode()

    def for_peer(self) -> Iterator[bytes]:
        """One reading a body, as the comparison service wants it."""
        for body in self.singles():
            row = json.loads(body)
            row["phenomenon_time"] = text_of(row["phenomenonTime"])
            yield json.dumps(row).encode()


def rows_of(columns: Columns) -> list[dict[str, Any]]:
    """The same readings as a list of objects with times as text."""
    times = map(text_of, columns["phenomenonTime"])
    rows = zip(columns["datastream"], times, columns["result"], strict=True)
    return [{"datastream": d, "phenomenonTime": t, "result": r} for d, t, r in rows]


def text_of(moment: int) -> str:
    """Unix milliseconds as ISO 8601 in UTC."""
    return f"{np.datetime64(moment, 'ms')}Z"


def rates_once(bare: Bare, source: Source) -> dict[str, float]:
    """Rows a second of every way, one after the other."""
    first = [source.columns() for _each in range(BODIES)]
    ways: dict[str, list[Any]] = {
        "columnar": first,
        "columnar, 10 % repeated": [source.with_repeated(known) for known in first],
        "list": [rows_of(source.columns()) for _each in range(BODIES // 3)],
    }
    found = {"COPY": copy_rate(bare, [source.columns() for _each in range(BODIES)])}
    for name, bodies in ways.items():
        encoded = [json.dumps(body).encode() for body in bodies]
        seconds = batches_post(bare.stack.site.ports.gateway, bare.key, encoded)
        found[name] = len(bodies) * STREAMS * STEPS / seconds
    return found


def copy_rate(bare: Bare, bodies: list[Columns]) -> float:
    """Rows a second of binary COPY with everything else taken away."""
    ids = dict(bare.stack.sql("SELECT key, id FROM sensing_datastream"))
    rows = [len(body["result"]) for body in bodies]
    at_once = max(1, COPY_ROWS // rows[0])
    blobs = [
        copy_bytes(_judged(bodies[start : start + at_once], ids)) for start in range(0, len(bodies), at_once)
    ]
    with psycopg.connect(bare.stack.environment["DATABASE_URL"]) as connection:
        begin = time.perf_counter()
        for blob in blobs:
            copy_text = f"COPY sensing_observation {COLUMNS} FROM STDIN (FORMAT BINARY)"
            with connection.cursor() as cursor, cursor.copy(copy_text) as copy:
                copy.write(blob)
            connection.commit()
        return sum(rows) / (time.perf_counter() - begin)


def _judged(bodies: list[Columns], ids: dict[str, int]) -> Judged:
    streams = np.array([ids[key] for body in bodies for key in body["datastream"]], np.int64)
    times = np.array([moment for body in bodies for moment in body["phenomenonTime"]], np.int64) * 1000
    results = np.array([value for body in bodies for value in body["result"]], np.float64)
    none = np.zeros(len(streams), np.int16)
    return Judged(Batch(streams, times, results), none, none)


def peer_rate(bare: Bare, source: Source) -> float:
    """Readings a second of a serializer and one ORM insert a request, same server, same client."""
    with bare.serving("benchmarks.peer_app:application") as port:
        return singles_rate(port, "", source.for_peer(), connections=PEER_CONNECTIONS, seconds=SECONDS)[0]


def main() -> None:
    """Measure, print, clean up."""
    with bare_running("bench-ingest", streams=STREAMS) as bare:
        bare.stack.start("gateway")
        source = Source(bare.streams)
        port = bare.stack.site.ports.gateway
        batches_post(port, bare.key, [json.dumps(source.columns()).encode()])  # makes the partition
        rounds = [rates_once(bare, source) for _each in range(ROUNDS)]
        for name in list(rounds[0])[1:]:
            ours, limit = (median(each[key] for each in rounds) for key in (name, "COPY"))
            Figure("ingest", f"{name}, 5000 a request", ours, "rows/s", limit, GOALS.get(name)).show()
        single, refused, waits = singles_rate(
            port, bare.key, source.singles(), connections=CONNECTIONS, seconds=SECONDS
        )
        peer = peer_rate(bare, source)
        Figure("ingest", f"single, {CONNECTIONS} connections", single, "req/s", peer, SINGLE_GOAL).show()
        p99 = float(np.percentile(waits, 99)) * 1000
        Figure("ingest", "single, p99", p99, "ms", goal=P99_GOAL_MS, at_most=True).show()
        Figure("ingest", "single, refused", refused, "req", goal=0, at_most=True).show()


if __name__ == "__main__":
    main()
