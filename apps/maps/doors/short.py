"""The short way of tiles and features: a raw ASGI application in front of Django.

Under ASGI Django makes a thread for every request and walks a dozen middlewares: on a busy machine that is
ten milliseconds, ten times what a cached tile costs. Here a reader whom Django admitted a moment ago is
answered by the same function, on a thread that exists already; everything else is left to Django.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from string import printable
from typing import Any
from urllib.parse import parse_qsl, quote

import structlog
from asgiref.sync import sync_to_async
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.db import connections
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from apps.accounts.data import acting_as
from apps.audit.services import (
    Record,
    RequestFacts,
    read_record,
    read_record_soon,
    request_act,
    request_recording,
)
from apps.core.errors import OF_VALUES, ProblemError, input_fault
from apps.core.middleware import ANSWERS, SECONDS, number_accepted
from apps.core.texts import text_is_storable
from apps.core.unreadable import pairs_unreadable
from apps.maps.data import Answer, Asked
from apps.maps.doors.readers import READERS, Reader, fingerprint
from apps.maps.doors.served import refuse

PREFIXES = ("/tiles/", "/ogc/")
Writing = Callable[[Reader, ResolverMatch, Answer, Record], None]
log = structlog.get_logger("requests")


class ShortWay:
    """Wraps Django's ASGI application."""

    def __init__(self, django: ASGI3Application) -> None:
        self._django = django

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer a remembered reader; give everything else to Django."""
        found = self._found(scope) if scope["type"] == "http" else None
        if found is None or scope["type"] != "http":
            await self._django(_in_ascii(scope), receive, send)
            return
        began = time.perf_counter()
        reader, match, asked = found
        request_id, client = _request_id(scope), scope.get("client")
        written = partial(_written, address=client[0] if client else None, request_id=request_id)
        answer = await sync_to_async(_answered, thread_sensitive=False)(reader, match, asked, written)
        await _send(send, answer, request_id)
        _observe(match.route, answer.status, time.perf_counter() - began)

    def _found(self, scope: HTTPScope) -> tuple[Reader, ResolverMatch, Asked] | None:
        path = scope["path"]
        if scope["method"] != "GET" or not path.startswith(PREFIXES) or _is_unreadable(scope):
            return None
        headers = _headers(scope)
        reader = READERS.find(fingerprint(lambda name: headers.get(name, b"")))
        match = _match(path) if reader else None
        if reader is None or match is None:
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        accept, tag = (headers.get(name, b"").decode("latin-1") for name in (b"accept", b"if-none-match"))
        return reader, match, Asked(reader.viewer, reader.base, path, query, accept, tag)


def _is_unreadable(scope: HTTPScope) -> bool:
    """Whether Django shall refuse this by the name of its part."""
    return not text_is_storable(scope["path"]) or any(pairs_unreadable(scope["query_string"]))


def _in_ascii(scope: Scope) -> Scope:
    """The scope with a query in ASCII (RFC 3986): Django answers other bytes without a word."""
    if scope["type"] == "http" and not scope["query_string"].isascii():
        return {**scope, "query_string": quote(scope["query_string"], safe=printable).encode()}
    return scope


def _headers(scope: HTTPScope) -> dict[bytes, bytes]:
    """Headers by name; one that comes twice is joined as Django joins it: both see the same reader."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        joint = b"; " if name == b"cookie" else b","
        found[name] = found[name] + joint + value if name in found else value
    return found


def _match(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if hasattr(match.func, "answering") else None


def _answered(reader: Reader, match: ResolverMatch, asked: Asked, written: Writing) -> Answer:
    """The answer, once its entry is written or, where it shows no person, waits to be."""
    try:
        with translation.override(reader.language), request_recording() as record:
            answer = _asked_answer(reader, match, asked)
            answer = replace(answer, is_personal=record.is_personal)
            try:
                written(reader, match, answer, record)
            except ProblemError as error:
                return _refusal(error)
            return answer
    finally:
        connections.close_all()


def _asked_answer(reader: Reader, match: ResolverMatch, asked: Asked) -> Answer:
    answering: Any = match.func
    try:
        with acting_as(reader.viewer):
            found: Answer = answering.answering(asked, **match.kwargs)
            return found
    except (ProblemError, *OF_VALUES) as error:
        fault = input_fault(error)
        if fault is None:
            raise
        return _refusal(fault)


def _refusal(error: ProblemError) -> Answer:
    refused = refuse(error)
    return Answer(refused.content, refused["Content-Type"], refused.status_code)


def _written(
    reader: Reader,
    match: ResolverMatch,
    answer: Answer,
    record: Record,
    *,
    address: str | None,
    request_id: str,
) -> None:
    facts = RequestFacts("GET", answer.status, match, reader.viewer, reader.viewer.user_id, address)
    write = read_record if record.is_of_people else read_record_soon
    write(request_act(facts, record), request_id=request_id)


def _request_id(scope: HTTPScope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode(
        "latin-1"
    )
    return number_accepted(given)


async def _send(send: ASGISendCallable, answer: Answer, request_id: str) -> None:
    headers = {
        "Content-Type": answer.kind,
        "Content-Length": str(len(answer.body)),
        "X-Content-Type-Options": "nosniff",
        "X-Request-ID": request_id,
        **answer.headers,
    }
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs, "trailers": False})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _observe(route: str, status: int, seconds: float) -> None:
    ANSWERS.labels("GET", route, status).inc()
    SECONDS.labels("GET", route).observe(seconds)
    log.info("request_answered", method="GET", route=route, status=status)
