"""New observations, published after commit: by SensorThings 1.1 (14.2), and one topic a stream for readers.

Every process that commits tells Redis; one door at a time passes it on to the broker, at most ``RATE``
observations a second. Where more is stored, the newest of each stream is passed on: the table has them all.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

import msgspec
import redis
import structlog
from django.conf import settings
from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import MQTTErrorCode

from apps.core.connections import redis_client
from apps.sensing.ingest.announcing import CHANNEL
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.mqtt.topics import observation_topics

LEADER = "mqtt.publisher"
LEASE_MS = 5000
RATE = 1000
WAIT_SECONDS = 5.0
Row = tuple[int, int, float | None, int]  # stream, unix ms, result, quality
log = structlog.get_logger("mqtt")


class Publisher(threading.Thread):
    """Passes on what is announced while this process holds the lease."""

    def __init__(self, client: Client, known: KnownStreams, *, name: str) -> None:
        super().__init__(daemon=True, name="publisher")
        self._client, self._known, self._name = client, known, name
        self._ended = threading.Event()
        self._second, self._left = 0.0, RATE

    def run(self) -> None:
        """Listen; a Redis that is away costs the news, never a reading."""
        while not self._ended.is_set():
            try:
                self._listen()
            except redis.RedisError as error:
                log.warning("news_unreachable", kind=type(error).__name__)
                time.sleep(1)

    def end(self) -> None:
        """Stop listening."""
        self._ended.set()

    def _listen(self) -> None:
        with redis_client().pubsub(ignore_subscribe_messages=True) as channel:
            channel.subscribe(CHANNEL)
            while not self._ended.is_set():
                message = channel.get_message(timeout=1.0)
                if self._leads() and message is not None:
                    self._pass_on(msgspec.msgpack.decode(message["data"]))

    def _leads(self) -> bool:
        """Whether this process holds the lease; one whose holder is gone is free after five seconds."""
        store: Any = redis_client()
        if store.set(LEADER, self._name, px=LEASE_MS, nx=True):
            return True
        holder = store.get(LEADER)
        if holder is None or holder.decode() != self._name:
            return False
        store.pexpire(LEADER, LEASE_MS)
        return True

    def _pass_on(self, news: dict[str, list[Any]]) -> None:
        rows = self.within_rate(list(zip(news["d"], news["t"], news["v"], news["q"], strict=True)))
        sent: MQTTMessageInfo | None = None
        for stream, moment, value, quality in rows:
            domain = self._known.table.domains.get(stream)
            if domain is None:
                continue
            body = observation_json(stream, moment, value, quality)
            for topic in observation_topics(domain, stream):
                sent = self._client.publish(topic, body, qos=0)
        if sent is not None and sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            with contextlib.suppress(RuntimeError, ValueError):  # the connection has ended: so has the news
                sent.wait_for_publish(WAIT_SECONDS)  # a slow broker makes nothing pile up here

    def within_rate(self, rows: list[Row]) -> list[Row]:
        """What may be passed on in this second; the rows of a stream are in the order of their times."""
        now = time.monotonic()
        if now - self._second >= 1:
            self._second, self._left = now, RATE
        if len(rows) > self._left:
            rows = list({row[0]: row for row in rows}.values())[: self._left]
        self._left -= len(rows)
        return rows


def observation_json(stream: int, moment: int, value: float | None, quality: int) -> bytes:
    """An Observation as SensorThings 1.1 writes it."""
    at = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(moment // 1000))}.{moment % 1000:03d}Z"
    link = f"{settings.SENSORTHINGS_ROOT}Datastreams({stream})"
    entity = {
        "phenomenonTime": at,
        "result": value,
        "resultQuality": quality,
        "Datastream@iot.navigationLink": link,
    }
    return msgspec.json.encode(entity)
