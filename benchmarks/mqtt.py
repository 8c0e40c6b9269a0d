"""Readings a second through the MQTT door, beside a subscriber that only counts.

Same broker, same publisher, same messages at QoS 1, in turn; ours ends when the last reading is committed,
the reference when the last message was counted. Both are paho clients of MQTT 5 in a process of their own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median

from benchmarks.figures import Figure
from benchmarks.mqtt_clients import counting, messages_publish, packet
from benchmarks.sizes import size
from cityplatform.local.mosquitto import mosquitto_server
from cityplatform.local.services import running
from tests.faults.bare import Bare, bare_running

STREAMS, ROUNDS, GOAL = size(200, 10), size(3, 1), 0.80
SIZES = size({1: 20_000, 100: 3000}, {1: 200, 100: 20})  # readings a message -> messages
FIRST_MS = 1_790_000_000_000
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
        body = {"datastream": key, "phenomenonTime": times, "result": [500.5] * size}
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


def counter_rate(bare: Bare, source: Source, *, messages: int, size: int) -> float:
    """Readings a second that a subscriber hears which looks into none of them."""
    packets = source.packets("c1", messages=messages, size=size)
    with counting(bare.stack.site.mosquitto.url(), "$share/bench/c1/+/+/telemetry", messages) as ended:
        begin = time.perf_counter()
        messages_publish(bare.stack.site.mosquitto.url(), packets)
        ended.wait(WAIT_SECONDS)
        return messages * size / (time.perf_counter() - begin)


def main() -> None:
    """Measure, print, clean up."""
    with door_running(STREAMS) as bare:
        source = Source(bare.streams)
        door_rate(bare, source, messages=100, size=1)  # makes the partition
        for size, messages in SIZES.items():
            pairs = [
                (
                    door_rate(bare, source, messages=messages, size=size),
                    counter_rate(bare, source, messages=messages, size=size),
                )
                for _each in range(ROUNDS)
            ]
            ours, limit = (median(rates) for rates in zip(*pairs, strict=True))
            Figure("mqtt", f"QoS 1, {size} a message", ours, "readings/s", limit, GOAL).show()


if __name__ == "__main__":
    main()
