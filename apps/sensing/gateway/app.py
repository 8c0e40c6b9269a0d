"""The gateway's ASGI application: ``POST /v1/observations``, ``GET /healthz``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.data import INGEST
from apps.core.errors import PROBLEM_TYPE, ProblemError, problem
from apps.core.faults import language_of
from apps.core.numbers import whole_number
from apps.sensing.data import Stored
from apps.sensing.gateway.committer import Committer
from apps.sensing.gateway.keys import LACKING, MISSING, KeyRing
from apps.sensing.ingest.bodies import body_parse, body_unpack, kind_of, too_large
from apps.sensing.ingest.codes import SHOWN
from apps.sensing.ingest.decoding import Decoded, readings_decode
from apps.sensing.ingest.streams import KnownStreams

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Headers = Mapping[bytes, str]
Pairs = list[tuple[bytes, bytes]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
DIGITS = 18  # of a length that is looked at as a number
HEALTH = "/healthz"
PATHS = {"/v1/observations": ("POST",), HEALTH: ("GET", "HEAD")}
log = structlog.get_logger("gateway")


class Gateway:
    """Decodes, submits, and answers after the commit; a fault in a row never refuses the body."""

    def __init__(self) -> None:
        self._known, self._keys = KnownStreams(), KeyRing()
        self._committer: Committer | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One lifespan or one request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown" and self._committer is not None:
                await self._committer.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        with override(language_of(asked.get(b"accept-language", ""))):
            status, headers, body = await self._answered(scope, asked, receive)
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answered(self, scope: Scope, asked: Headers, receive: Receive) -> tuple[int, Pairs, bytes]:
        """Status, headers and body, whatever happens."""
        try:
            status, body = await self._answer(scope, asked, receive)
        except ProblemError as error:
            return refused(error, scope["path"])
        except (DatabaseError, OSError) as error:
            log.warning("gateway_unready", kind=type(error).__name__)
            detail = _("The database cannot be reached; send again.")
            return refused(ProblemError(detail, status=503, code="database"), scope["path"])
        return status, [(b"content-type", b"application/json")], body

    async def _answer(self, scope: Scope, asked: Headers, receive: Receive) -> tuple[int, bytes]:
        allowed = PATHS.get(scope["path"])
        if allowed is None:
            raise ProblemError(_("There is nothing here; post readings to /v1/observations."), status=404)
        if scope["method"] not in allowed:
            detail = _("This address takes only: %(methods)s.") % {"methods": ", ".join(allowed)}
            raise ProblemError(detail, status=405, code="method")
        if scope["path"] == HEALTH:
            return 200, b'{"status":"ok"}'
        domain = await self._keys.domain(asked.get(b"authorization", ""))
        kind = kind_of(asked.get(b"content-type", ""))
        body = await _read(receive, asked.get(b"content-length", ""))
        encoding = asked.get(b"content-encoding", "").strip().lower()
        body = body_unpack(body, encoding=encoding, limit=settings.GATEWAY_MAX_BYTES)
        stored = await self._store(body_parse(body, kind), domain)
        return 201, stored_body(stored)

    async def _store(self, value: Any, domain: str) -> Stored:
        if self._committer is None:
            self._committer = Committer(dsn=settings.DATABASE_URL, known=self._known)
        await self._committer.refresh()
        decoded = readings_decode(value, self._known.table, domain)
        if any(fault.code == "unknown" for fault in decoded.faults):
            decoded = await self._look_again(value, domain, decoded)
        return await self._committer.submit(decoded, domain=domain, door="http")

    async def _look_again(self, value: Any, domain: str, decoded: Decoded) -> Decoded:
        """A datastream may have been registered a moment ago: read the table again, at most once a second."""
        if self._committer is None or not self._known.is_stale(unknown=True):
            return decoded
        await self._committer.refresh(unknown=True)
        return readings_decode(value, self._known.table, domain)


async def _read(receive: Receive, announced: str) -> bytes:
    """The whole body; 413 as soon as it is known to be too long."""
    limit, parts, size = settings.GATEWAY_MAX_BYTES, [], 0
    if (whole_number(announced) or 0) > limit:
        raise too_large(limit)
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ProblemError(_("The connection ended before the body did."), "body")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise too_large(limit)
        if not message.get("more_body", False):
            return b"".join(parts)


def refused(error: ProblemError, path: str) -> tuple[int, Pairs, bytes]:
    """A refusal with the headers that say what to do about it (RFC 9110, RFC 6750)."""
    headers = [(b"content-type", PROBLEM_TYPE.encode())]
    if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        why = "" if error.code == MISSING else f', error="{error.code}"'
        needed = f', scope="{INGEST}"' if error.code == LACKING else ""
        headers.append((b"www-authenticate", f'Bearer realm="readings"{why}{needed}'.encode()))
    elif error.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", ", ".join(PATHS[path]).encode()))
    elif error.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers.append((b"retry-after", b"1"))
    rows = [{"field": error.field, "code": error.code, "detail": str(error.detail)}] if error.field else []
    return error.status, headers, msgspec.json.encode(problem(error.status, str(error.detail), rows))


def stored_body(stored: Stored) -> bytes:
    """The answer to a body that could be read."""
    faults = [fault.told for fault in stored.faults[:SHOWN]]
    conflicts = [
        {"index": conflict.index, "stored": conflict.stored, "sent": conflict.result}
        for conflict in stored.conflicts[:SHOWN]
    ]
    return msgspec.json.encode(
        {
            "stored": stored.stored,
            "repeated": stored.repeated,
            "conflict": len(stored.conflicts),
            "quarantined": len(stored.faults),
            "implausible": stored.implausible,
            "faults": faults,
            "conflicts": conflicts,
        }
    )
