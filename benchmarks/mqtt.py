"""Readings a second through the MQTT door, beside a subscriber that only counts, and beside COPY.

Same broker, same publisher, same messages at QoS 1, in turn; ours ends when the last reading is committed,
the reference of single readings when the last message was counted, by a paho client of MQTT 5 in a process
of its own. Where a message holds many readings the table is the limit and no longer the broker, so that the
reference is binary COPY of as many rows, as in ``benchmarks.ingest``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median
from typing import Any

from benchmarks.figures import Figure
from benchmarks.ingest import STEPS, copy_rate
from benchmarks.ingest import Source as Columned
from benchmarks.mqtt_clients import counting, messages_publish, packet
from benchmarks.sizes import size
from cityplatform.local.mosquitto import mosquitto_server
from cityplatform.local.services import running
from tests.faults.bare import Bare, bare_running

STREAMS, ROUNDS = size(200, 10), size(3, 1)
SINGLE_GOAL, BATCH_GOAL = 0.80, 0.75
SINGLES, BATCHES, BATCH = size((20_000, 3000, 100), (200, 20, 100))  # messages; readings in a batch
FIRST_MS = 1_790_000_000_000
COPIED_MS = FIRST_MS - 10 * 86_400_000  # in the same partition
LAST = """
    SELECT 1 FROM sensing_observation o JOIN sensing_datastream s ON s.id = o.datastream_id
     WHERE s.key = %s AND o.phenomenon_time = to_timestamp(%s)
"""
ROWS = "SELECT count(*) FROM sensing_observation"
WAIT_SECONDS = 120.0


class Source:
    """Messages whose readings nobody has sent before."""

    def __init__(self, streams: list[str]) -> None:
        self._streams, self._clock = streams, count(FIRST_MS, 1000)
        self.last: tuple[str, float] = ("", 0.0)  # stream and unix seconds of the newest reading

    def packets(self, root: str, *, messages: int, size: int) -> list[bytes]:
        """PUBLISH packets under ``root``; each device sends readings of its own stream."""
        return [self._packet(root, number, size) for number in range(messages)]

    def _packet(self, root: str, number: int, size: int) -> bytes:
        key = self._streams[number % len(self._streams)]
        times = [next(self._clock) for _each in range(size)]
        self.last = (key, times[-1] / 1000)
        body: dict[str, Any] = {"datastream": key, "phenomenonTime": times, "result": [500.5] * size}
        if size == 1:
            body |= {"phenomenonTime": times[0], "result": 500.5}
        topic = f"{root}/school/{key.split('.')[1]}/telemetry"
        return packet(topic, json.dumps(body).encode(), number=number % 65_535 + 1)


@contextmanager
def door_running(streams: int) -> Iterator[Bare]:
    """Servers of a benchmark, the broker, and a door that has opened."""
    with (
        bare_running("bench-mqtt", streams=streams) as bare,
        running(mosquitto_server(bare.stack.site.mosquitto)),
    ):
        bare.stack.environment["LOG_LEVEL"] = "INFO"  # the door says when it is open
        bare.stack.start("mqtt")
        yield bare
        bare.stack.stop()


def door_rate(bare: Bare, source: Source, *, messages: int, size: int) -> float:
    """Readings a second, from the first packet to the last commit."""
    packets = source.packets("v1", messages=messages, size=size)
    before = bare.stack.sql(ROWS)[0][0]
    begin = time.perf_counter()
    messages_publish(bare.stack.site.mosquitto.url(), packets)
    while not bare.stack.sql(LAST, *source.last):
        if time.perf_counter() - begin > WAIT_SECONDS:
            raise TimeoutError(bare.stack.log("mqtt")[-2000:])
        time.sleep(0.02)
    seconds = time.perf_counter() - begin
    stored = bare.stack.sql(ROWS)[0][0] - before
    if stored != messages * size:
        raise RuntimeError(f"{stored} of {messages * size} readings are in the table")
    return messages * size / seconds


def counter_rate(bare: Bare, source: Source, messages: int) -> float:
    """Readings a second, one a message, that a subscriber hears which looks into none of them."""
    packets = source.packets("c1", messages=messages, size=1)
    with counting(bare.stack.site.mosquitto.url(), "$share/bench/c1/+/+/telemetry", messages) as ended:
        begin = time.perf_counter()
        messages_publish(bare.stack.site.mosquitto.url(), packets)
        ended.wait(WAIT_SECONDS)
        return messages / (time.perf_counter() - begin)


def main() -> None:
    """Measure, print, clean up."""
    with door_running(STREAMS) as bare:
        source = Source(bare.streams)
        door_rate(bare, source, messages=100, size=1)  # makes the partition
        pairs = [
            (door_rate(bare, source, size=1, messages=SINGLES), counter_rate(bare, source, SINGLES))
            for _each in range(ROUNDS)
        ]
        figure_show("1 a message", pairs, SINGLE_GOAL)
        copied, bodies = Columned(bare.streams, begin=COPIED_MS), BATCHES * BATCH // (STREAMS * STEPS)
        pairs = [
            (
                door_rate(bare, source, size=BATCH, messages=BATCHES),
                copy_rate(bare, [copied.columns() for _body in range(bodies)]),
            )
            for _each in range(ROUNDS)
        ]
        figure_show(f"{BATCH} a message", pairs, BATCH_GOAL)


def figure_show(name: str, pairs: list[tuple[float, float]], goal: float) -> None:
    """Print the medians of ours and of the reference."""
    ours, limit = (median(rates) for rates in zip(*pairs, strict=True))
    Figure("mqtt", f"QoS 1, {name}", ours, "readings/s", limit, goal).show()


if __name__ == "__main__":
    main()
