"""The short way of observations: a raw ASGI application in front of Django, with the gateway's group commit.

Django needs a thread, a dozen middlewares and a transaction of its own for every request. Here a plain
observation of a poster whom Django admitted a moment ago joins the next group commit; everything else, and
whatever is not plainly right, goes to Django with its body unread. The short answer leaves out what the rules
decide (``resultQuality``) and ``resultTime``; a replay is answered by Django with what is stored.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import msgspec
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.conf import settings
from django.db import DatabaseError
from psycopg import Error

from apps.core.errors import ProblemError
from apps.core.members import json_read
from apps.core.middleware import ANSWERS
from apps.sensing.data import Batch, Door
from apps.sensing.gateway.committer import Committer
from apps.sensing.ingest.bodies import is_json
from apps.sensing.ingest.decoding import rows_decode
from apps.sensing.ingest.moments import RowError, time_decode
from apps.sensing.ingest.streams import KnownStreams
from apps.sensing.sensorthings.moments import moment_of, moment_text
from apps.sensing.sensorthings.posters import POSTERS, Poster, who_of

PATH = re.compile(r"/sta/v1\.1/(?:Datastreams\((?P<stream>\d{1,18})\)/)?Observations/?", re.ASCII)
PLAIN = {"phenomenonTime", "result", "resultTime", "Datastream"}
LONGEST = 64 * 1024
DOOR: Door = "sensorthings"
CREATED = 201
Message = MutableMapping[str, Any]


class QuickPosts:
    """Wraps an ASGI application."""

    def __init__(self, further: ASGI3Application) -> None:
        self._further, self._known = further, KnownStreams()
        self._committer: Committer | None = None

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Take a plain observation of a remembered poster; give everything else on."""
        match = PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if match is None or scope["type"] != "http" or scope["method"] != "POST":
            await self._further(scope, receive, send)
            return
        messages = await _read(receive)
        body = b"".join(message.get("body", b"") for message in messages)
        answer = await self._taken(scope, match["stream"], body)
        if answer is not None:
            await _send(send, *answer)
            return

        async def again() -> Any:
            return messages.pop(0) if messages else await receive()

        await self._further(scope, again, send)

    async def close(self) -> None:
        """Finish what waits, then stop."""
        if self._committer is not None:
            await self._committer.close()

    async def _taken(self, scope: HTTPScope, stream: str | None, body: bytes) -> tuple[str, bytes] | None:
        """Address and body of the new observation; None where Django shall look."""
        value = _value(body)
        row = _row(value, stream)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not is_json(headers.get("content-type", "")) or "content-encoding" in headers:
            return None
        poster = POSTERS.find(who_of(headers.get, value), row["datastream"]) if row else None
        if row is None or poster is None:
            return None
        try:
            return await self._stored(row, poster)
        except (ProblemError, DatabaseError, Error, OSError):
            return None

    async def _stored(self, row: dict[str, Any], poster: Poster) -> tuple[str, bytes] | None:
        if self._committer is None:
            self._committer = Committer(dsn=settings.DATABASE_URL, known=self._known)
        await self._committer.refresh(unknown=row["datastream"] not in self._known.table.domains)
        decoded = rows_decode([(0, row)], self._known.table, poster.domain)
        if decoded.faults:
            return None
        stored = await self._committer.submit(decoded, domain=poster.domain, door=DOOR)
        return _answer(row, decoded.batch, poster.root) if stored.stored else None


async def _read(receive: ASGIReceiveCallable) -> list[Any]:
    """The messages of a body up to its end, or until it is too long to be plain."""
    messages: list[Any] = []
    size = 0
    while True:
        message: Any = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if not message.get("more_body", False) or size > LONGEST:
            return messages


def _value(body: bytes) -> Any:
    """The value of a body that names nothing twice, with times that can be read; else None."""
    try:
        value = json_read(body)
        time_decode(value.get("resultTime") or value["phenomenonTime"], first=0)
    except (ValueError, LookupError, AttributeError, RecursionError, RowError):
        return None
    return value


def _row(value: Any, stream: str | None) -> dict[str, Any] | None:
    """The observation as the doors take it; None where it says more than that, or less."""
    if (
        not isinstance(value, dict)
        or not set(value) <= PLAIN
        or not isinstance(value.get("phenomenonTime"), str)
    ):
        return None
    linked = value.get("Datastream")
    key = int(stream) if stream else linked.get("@iot.id") if isinstance(linked, dict) else None
    if type(key) is not int or (stream and linked is not None):
        return None
    return {"datastream": key, "phenomenonTime": value["phenomenonTime"], "result": value.get("result")}


def _answer(row: dict[str, Any], batch: Batch, root: str) -> tuple[str, bytes]:
    time = int(batch.times[0])
    key = f"{row['datastream']}-{time}"
    link = f"{root}/Observations('{key}')"
    body = {
        "@iot.selfLink": link,
        "@iot.id": key,
        "phenomenonTime": moment_text(moment_of(time)),
        "result": float(batch.results[0]),
        "Datastream@iot.navigationLink": f"{link}/Datastream",
        "FeatureOfInterest@iot.navigationLink": f"{link}/FeatureOfInterest",
    }
    return link, msgspec.json.encode(body)


async def _send(send: ASGISendCallable, link: str, body: bytes) -> None:
    ANSWERS.labels("POST", "sta/v1.1/<path:resource>", CREATED).inc()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "location": link,
        "x-content-type-options": "nosniff",
    }
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": CREATED, "headers": pairs, "trailers": False})
    await send({"type": "http.response.body", "body": body, "more_body": False})
