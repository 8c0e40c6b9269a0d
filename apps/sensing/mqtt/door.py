"""The door: messages wait while one transaction is under way, and go together with the next one.

paho's thread only collects. The writer decodes, commits, and then acknowledges to the broker, so that
the broker keeps every message until it is stored. With the database away nothing is acknowledged; the
broker stops sending at the receive maximum, and a lost connection brings all again: replay changes nothing.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from typing import Any

import msgspec
import psycopg
import structlog
from django.conf import settings
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from apps.sensing.data import Stored
from apps.sensing.ingest.groups import parts_write
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.mqtt.connecting import client_connect, client_make
from apps.sensing.mqtt.messages import Group, Message, Outcome, group_decode
from apps.sensing.mqtt.packets import Publish
from apps.sensing.mqtt.statuses import statuses_keep
from apps.sensing.mqtt.topics import SHARED, STATUS, STATUSES, TELEMETRY, Address, address_of

RECEIVE_MAXIMUM = 20_000  # messages under way: bounds the memory of this process
GROUP_MESSAGES, GROUP_BYTES = 5000, 1 << 20
WAITING_BYTES = 64 << 20  # more than that is left in the connection, and so with the broker
PAUSE_SECONDS = 0.01
GATHER_SECONDS = 0.05  # a commit costs the same for one message and for a thousand
RETRY_SECONDS = 1.0
QOS = 1
NOWHERE = Address("", "", "")
log = structlog.get_logger("mqtt")


class Door:
    """Takes telemetry from the broker until it is stopped."""

    def __init__(self, name: str) -> None:
        self._waiting: deque[Message] = deque()
        self._wake, self._stopped = threading.Event(), threading.Event()
        self.known = KnownStreams()
        self._taken = self._given = 0  # bytes; each is written by one thread only
        self._life = 0  # of the connection to the broker
        self._connection: psycopg.Connection[Any] | None = None
        self.client = client_make(name, url=settings.MQTT_URL, manual_ack=True)
        self.client.on_connect = self._subscribe
        self.client.on_message, self.client.on_plain = self._take, self._take_plain
        self.client.on_subscribe, self.client.on_disconnect = self._opened, self._forget

    def run(self) -> None:
        """Collect and write until ``stop``; what is not acknowledged by then stays with the broker."""
        client_connect(self.client, url=settings.MQTT_URL, receive_maximum=RECEIVE_MAXIMUM, keep_session=True)
        self.client.loop_start()
        while not self._stopped.is_set():
            self._wake.wait(0.5)
            self._stopped.wait(GATHER_SECONDS)
            self._wake.clear()
            while not self._stopped.is_set() and (group := self._next_group()):
                self._handle(group)
        self.client.disconnect()
        self.client.loop_stop()

    def stop(self) -> None:
        """Finish the group under way, then end."""
        self._stopped.set()
        self._wake.set()

    def _subscribe(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.warning("broker_refused", reason=str(reason))
            return
        client.subscribe([(SHARED, QOS), (STATUSES, QOS)])

    def _opened(self, _client: Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        log.info("door_open", refused=refused)

    def _forget(self, *_arguments: Any) -> None:
        """After a lost connection the broker sends again what was not acknowledged."""
        self._life += 1
        with contextlib.suppress(IndexError):
            while True:
                self._taken -= len(self._waiting.popleft().payload)

    def _take(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        properties = message.properties
        self._keep(
            Message(
                address_of(message.topic) or NOWHERE,
                bytes(message.payload),
                getattr(properties, "ContentType", ""),
                message.mid,
                getattr(properties, "ResponseTopic", ""),
                getattr(properties, "CorrelationData", b""),
                self._life,
            )
        )

    def _take_plain(self, message: Publish) -> None:
        address = address_of(message.topic) or NOWHERE
        self._keep(Message(address, message.payload, mid=message.mid, life=self._life))

    def _keep(self, message: Message) -> None:
        """Let a message wait for the writer; too much that waits stays in the connection."""
        self._waiting.append(message)
        self._taken += len(message.payload)
        if not self._wake.is_set():
            self._wake.set()
        while self._taken - self._given > WAITING_BYTES and not self._stopped.is_set():
            time.sleep(PAUSE_SECONDS)

    def _next_group(self) -> list[Message]:
        group: list[Message] = []
        size = 0
        with contextlib.suppress(IndexError):  # another thread forgets what waits when the connection is lost
            while len(group) < GROUP_MESSAGES and size < GROUP_BYTES:
                group.append(self._waiting.popleft())
                size += len(group[-1].payload)
        self._given += size
        return group

    def _handle(self, group: list[Message]) -> None:
        """Write a group, however long the database is away, and only then acknowledge."""
        readings = [message for message in group if message.address.what == TELEMETRY]
        statuses = [message for message in group if message.address.what == STATUS]
        while True:
            try:
                outcomes = self._write(readings)
                statuses_keep(self._open(), statuses)
                break
            except (psycopg.Error, OSError) as error:
                log.warning("database_away", kind=type(error).__name__, waiting=len(group))
                self._connection = None
                if self._stopped.wait(RETRY_SECONDS):
                    return
        life = self._life  # a number says nothing to another connection
        self.client.acknowledge([message.mid for message in group if message.life == life])
        for message, stored in outcomes:
            if message.response_topic.startswith(message.address.prefix):
                self._answer(message, Outcome.of(stored))

    def _write(self, readings: list[Message]) -> list[tuple[Message, Stored]]:
        """What became of each message that asks for it."""
        connection = self._open()
        if self.known.is_stale(unknown=False):
            self._load(connection)
        group = self._decode(connection, readings)
        found = parts_write(connection, group.parts, self.known) if group.parts else []
        pairs = zip(group.messages, found, strict=True)
        return [(message, stored) for message, stored in pairs if message and message.response_topic]

    def _decode(self, connection: psycopg.Connection[Any], readings: list[Message]) -> Group:
        group = group_decode(readings, self.known.table, limit=settings.GATEWAY_MAX_BYTES)
        if group.has_unknown and self.known.is_stale(unknown=True):
            self._load(connection)
            group = group_decode(readings, self.known.table, limit=settings.GATEWAY_MAX_BYTES)
        return group

    def _load(self, connection: psycopg.Connection[Any]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            self.known.load(cursor)

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(settings.DATABASE_URL, connect_timeout=2)
        return self._connection

    def _answer(self, message: Message, outcome: Outcome) -> None:
        """Tell a device that asks (MQTT 5, 4.10) that its message is stored, not only kept by the broker."""
        properties = Properties(PacketTypes.PUBLISH)
        if message.correlation:
            properties.CorrelationData = message.correlation
        body = msgspec.json.encode(outcome)
        self.client.publish(message.response_topic, body, qos=QOS, properties=properties)
