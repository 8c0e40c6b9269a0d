"""kill -9 of door, broker and database sessions while devices publish at QoS 1.

Two words count. The broker's (PUBACK) means: kept by the broker, so that it outlives the door and the
database, and a crash of the broker itself but for the last five seconds (``autosave_interval``). The door's,
on the response topic of MQTT 5, means: committed; it outlives everything.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from cityplatform.local.mosquitto import mosquitto_server
from cityplatform.local.server import Server
from tests.faults.bare import Bare, bare_running
from tests.faults.load import FIRST_MS
from tests.faults.test_kill import BACKENDS, TABLE

SAVED_SECONDS = 6.0  # a little more than autosave_interval
RUNS, RUN_MS = count(), 10_000_000  # no two devices send a reading of the same moment
Row = tuple[str, int]


@dataclass
class Publisher(threading.Thread):
    """One device that publishes a reading every few milliseconds; which were kept, and which committed."""

    url: str
    stream: str
    kept: set[Row] = field(default_factory=set)
    committed: set[Row] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    __hash__ = threading.Thread.__hash__

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.root = f"v1/school/{self.stream.split('.')[1]}"
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.reconnect_delay_set(1, 1)
        self._under_way: dict[int, Row] = {}

    def run(self) -> None:
        """Publish until the end; an answer names the reading that it is about."""
        parts = urlsplit(self.url)
        self.client.username_pw_set(unquote(parts.username or ""), unquote(parts.password or ""))
        self.client.on_connect = lambda *_rest: self.client.subscribe(f"{self.root}/stored", qos=1)
        self.client.on_message, self.client.on_publish = self._heard, self._acknowledged
        self.client.connect(parts.hostname or "", parts.port or 0)
        self.client.loop_start()
        moment = FIRST_MS + next(RUNS) * RUN_MS
        while not self.ended.is_set():
            moment += 1000
            if self.client.is_connected():
                self._publish(moment)
            time.sleep(0.005)

    def _publish(self, moment: int) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        properties.ResponseTopic, properties.CorrelationData = f"{self.root}/stored", str(moment).encode()
        body = {"datastream": self.stream, "phenomenonTime": moment, "result": 500}
        sent = self.client.publish(f"{self.root}/telemetry", json.dumps(body), qos=1, properties=properties)
        self._under_way[sent.mid] = (self.stream, moment)

    def _acknowledged(self, _client: Client, _data: Any, mid: int, *_rest: Any) -> None:
        if mid in self._under_way:
            self.kept.add(self._under_way.pop(mid))

    def _heard(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.committed.add((self.stream, int(message.properties.CorrelationData)))


@dataclass
class Loaded:
    """The servers, and the devices that have published through the faults."""

    bare: Bare
    broker: Server
    devices: list[Publisher] = field(default_factory=list)

    def table(self) -> list[Row]:
        return [(key, round(at.timestamp() * 1000)) for key, at, _result in self.bare.stack.sql(TABLE)]

    def missing(self, rows: set[Row], seconds: float = 20) -> set[Row]:
        """Which of these are not in the table, after some time."""
        end = time.monotonic() + seconds
        while (left := rows - set(self.table())) and time.monotonic() < end:
            time.sleep(0.2)
        return left

    def publish_for(self, seconds: float, *faults: Any) -> list[Publisher]:
        """Devices publish, the faults happen one after the other; the devices."""
        url = self.bare.stack.site.mosquitto.url()
        devices = [Publisher(url, stream) for stream in self.bare.streams]
        for device in devices:
            device.start()
        for fault in (*faults, lambda: None):
            time.sleep(seconds / (len(faults) + 1))
            fault()
        for device in devices:
            device.ended.set()
            device.join(10)
        time.sleep(1)  # answers that are under way
        return devices

    def door_killed(self) -> None:
        self.bare.stack.kill("mqtt")
        self.bare.stack.start("mqtt")

    def database_process_killed(self) -> None:
        """PostgreSQL ends every session and recovers from its log."""
        for (pid,) in self.bare.stack.sql(BACKENDS)[:1]:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        self.bare.postgres.wait()

    def broker_killed(self) -> None:
        self.broker.kill()
        self.broker.start()

    def broker_restarted(self) -> None:
        self.broker.stop()
        self.broker.start()


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    with bare_running("faults-mqtt", streams=3) as bare:
        broker = mosquitto_server(bare.stack.site.mosquitto)
        broker.start()
        try:
            bare.stack.environment["LOG_LEVEL"] = "INFO"  # the door says when it is open
            bare.stack.start("mqtt")
            yield Loaded(bare, broker)
        finally:
            bare.stack.stop()
            broker.stop()


def log_of(devices: list[Publisher]) -> tuple[set[Row], set[Row]]:
    """What the broker kept, and what the door committed."""
    kept = set().union(*(device.kept for device in devices))
    committed = set().union(*(device.committed for device in devices))
    for device in devices:
        device.client.disconnect()
        device.client.loop_stop()
    return kept, committed


def test_what_the_broker_has_acknowledged_outlives_door_and_database(loaded: Loaded) -> None:
    faults = (loaded.door_killed, loaded.database_process_killed, loaded.door_killed)
    kept, committed = log_of(loaded.publish_for(4, *faults))
    assert len(kept) > 200
    assert committed
    assert not loaded.missing(kept)


def test_queued_messages_outlive_a_restart_of_the_broker(loaded: Loaded) -> None:
    loaded.bare.stack.kill("mqtt")
    kept, _committed = log_of(loaded.publish_for(1))
    loaded.broker_restarted()
    loaded.bare.stack.start("mqtt")
    assert len(kept) > 50
    assert not loaded.missing(kept)


def test_queued_messages_that_were_saved_outlive_kill_9_of_the_broker(loaded: Loaded) -> None:
    loaded.bare.stack.kill("mqtt")
    kept, _committed = log_of(loaded.publish_for(1))
    time.sleep(SAVED_SECONDS)
    loaded.broker_killed()
    loaded.bare.stack.start("mqtt")
    assert not loaded.missing(kept)


def test_what_the_door_has_confirmed_outlives_kill_9_of_everything(loaded: Loaded) -> None:
    faults = (loaded.broker_killed, loaded.door_killed, loaded.broker_killed)
    _kept, committed = log_of(loaded.publish_for(6, *faults))
    assert len(committed) > 50
    assert not loaded.missing(committed, 0)


def test_no_reading_is_there_twice(loaded: Loaded) -> None:
    rows = loaded.table()
    assert len(rows) == len(set(rows))
