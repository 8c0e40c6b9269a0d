"""What a caller hears of a fault of ours: one sentence with the number under which the log keeps it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from apps.core.errors import PROBLEM_TYPE, problem
from apps.core.middleware import number_accepted, request_number

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = structlog.get_logger("errors")


def failed_sentence(number: str) -> str:
    """The sentence, in the reader's language."""
    return _("The request failed here; tell your administrator its number: %(number)s.") % {"number": number}


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a page that needs no database."""
    page = render_to_string("500.html", {"number": request_number(request)})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


class ToldFaults:
    """Wraps an ASGI application: a fault outside of Django is answered as one inside of it.

    Once an answer has begun nothing can be added to it, and the server ends the connection.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        begun = False

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._application(scope, receive, watched)
        except Exception:
            if begun:
                raise
            headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
            number = number_accepted(headers.get(b"x-request-id", ""))
            log.exception("request_failed", request_id=number)
            with override(language_of(headers.get(b"accept-language", ""))):
                body = problem(HTTPStatus.INTERNAL_SERVER_ERROR, failed_sentence(number))
            await _tell(send, msgspec.json.encode(body), number)


async def _tell(send: Send, body: bytes, number: str) -> None:
    headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", number.encode()),
    ]
    status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@lru_cache(1000)
def language_of(header: str) -> str:
    """The first language of an Accept-Language header that we speak; else the usual one."""
    for name, _weight in parse_accept_lang_header(header[:200]):
        try:
            return settings.LANGUAGE_CODE if name == "*" else get_supported_language_variant(name)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
