"""A publisher that costs next to nothing, and a subscriber that only counts."""

from __future__ import annotations

import multiprocessing
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from apps.sensing.mqtt.connecting import client_connect, client_make

CONNECT, PUBLISH_QOS1, DISCONNECT = 0x10, 0x32, 0xE0
CLEAN, HAS_PASSWORD, HAS_NAME = 0x02, 0x40, 0x80
PUBACK_BYTES, CONNACK_BYTES = 4, 4
AT_ONCE = 200  # packets a write
SPAWN = multiprocessing.get_context("spawn")


def packet(topic: str, body: bytes, *, number: int) -> bytes:
    """A PUBLISH of MQTT 3.1.1 (3.3) at QoS 1."""
    return _framed(PUBLISH_QOS1, _text(topic.encode()) + struct.pack("!H", number) + body)


def _framed(kind: int, rest: bytes) -> bytes:
    length, left = bytearray(), len(rest)
    while left or not length:
        left, low = divmod(left, 128)
        length.append(low | (128 if left else 0))
    return bytes([kind]) + bytes(length) + rest


def _text(value: bytes) -> bytes:
    return struct.pack("!H", len(value)) + value


def messages_publish(url: str, packets: Sequence[bytes]) -> None:
    """Send all, and return when the broker has acknowledged each."""
    parts = urlsplit(url)
    name, password = (unquote(part or "").encode() for part in (parts.username, parts.password))
    head = _text(b"MQTT") + bytes([4, CLEAN | HAS_NAME | HAS_PASSWORD]) + struct.pack("!H", 60)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as line:
        line.sendall(_framed(CONNECT, head + _text(b"bench") + _text(name) + _text(password)))
        _read(line, CONNACK_BYTES)
        reader = threading.Thread(target=_read, args=(line, PUBACK_BYTES * len(packets)))
        reader.start()
        for start in range(0, len(packets), AT_ONCE):
            line.sendall(b"".join(packets[start : start + AT_ONCE]))
        reader.join()
        line.sendall(bytes([DISCONNECT, 0]))


def _read(line: socket.socket, size: int) -> None:
    while size > 0:
        got = len(line.recv(65_536))
        if not got:
            raise ConnectionError("the broker has closed the connection")
        size -= got


@contextmanager
def counting(url: str, pattern: str, messages: int) -> Iterator[Any]:
    """A process that subscribes and counts; its event is set after so many messages."""
    opened, ended = SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=_count, args=(url, pattern, messages, opened, ended), daemon=True)
    process.start()
    try:
        opened.wait(60)
        yield ended
    finally:
        process.terminate()
        process.join()


def _count(url: str, pattern: str, messages: int, opened: Any, ended: Any) -> None:
    client, left = client_make("counter", url=url), messages

    def take(*_arguments: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            ended.set()

    client.on_connect = lambda *_arguments: client.subscribe(pattern, 1)
    client.on_subscribe = lambda *_arguments: opened.set()
    client.on_message = take
    client_connect(client, url=url, receive_maximum=20_000)
    client.loop_forever()
