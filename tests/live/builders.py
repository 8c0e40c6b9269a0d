"""Sockets of people, and readings for them to see."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from apps.accounts.models import User
from apps.sensing.data import Batch
from apps.sensing.models import Datastream
from apps.sensing.services import readings_store

BACKEND = "apps.accounts.backends.SealedBackend"
PATIENCE = 15.0  # seconds
Message = dict[str, Any]


def cookies(user: User) -> str:
    """The session of a login, as a header."""
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


@dataclass(frozen=True, slots=True)
class Web:
    """The running web process."""

    port: int

    def socket(self, path: str, headers: Mapping[str, str], *, origin: Any = None) -> ClientConnection:
        """An open websocket; ``origin=""`` names no page, as programs do."""
        site = f"http://127.0.0.1:{self.port}"
        return connect(
            f"ws://127.0.0.1:{self.port}{path}",
            origin=site if origin is None else origin or None,
            additional_headers=dict(headers),
            proxy=None,
            max_size=None,
        )

    @contextmanager
    def live(
        self, user: User, *layers: str, resume: Mapping[str, int] | None = None
    ) -> Iterator[ClientConnection]:
        """A socket of ``user`` that follows ``layers``."""
        with self.socket("/ws/live/", {"Cookie": cookies(user), "Accept-Language": "en"}) as socket:
            say(socket, subscribe=list(layers), resume=dict(resume or {}))
            yield socket


def say(socket: ClientConnection, **message: Any) -> None:
    """Send one message."""
    socket.send(json.dumps(message))


def hear(socket: ClientConnection, *kinds: str, seconds: float = PATIENCE) -> Message:
    """The next message of one of these kinds."""
    until = time.monotonic() + seconds
    while True:
        message: Message = json.loads(socket.recv(timeout=max(until - time.monotonic(), 0)))
        if message["type"] in kinds:
            return message


def hear_until(socket: ClientConnection, true: Callable[[Message], bool]) -> Message:
    """The first message for which the condition holds."""
    until = time.monotonic() + PATIENCE
    while True:
        message: Message = json.loads(socket.recv(timeout=max(until - time.monotonic(), 0)))
        if true(message):
            return message


def close_code(socket: ClientConnection) -> int | None:
    """Read until the server closes; its code."""
    try:
        while True:
            socket.recv(timeout=PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def store(stream: Datastream, moment: int, value: float) -> None:
    """Store a reading of ``moment`` (unix milliseconds) the way every door does."""
    batch = Batch(np.array([stream.pk]), np.array([moment * 1000]), np.array([value]))
    readings_store(batch=batch)


def shows(socket: ClientConnection, feature: int, value: float) -> Message:
    """The first snapshot or frame in which the feature has the value."""
    return hear_until(
        socket, lambda message: [feature, value] in [[row[0], row[2]] for row in message.get("values", [])]
    )
