"""What nobody can read is refused before any view, and what the database cannot hold after it.

A NUL sign, half a surrogate pair or bytes that are no UTF-8 have no meaning in a path, a query, a form, a
cookie or a header of ours. They are answered with 400 and the name of the part, so that no view needs to
think of them.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.core.errors import UnreadableError, input_fault, refusal
from apps.core.texts import form_unreadable, text_is_storable

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


class ReadableRequest:
    """Middleware: refuses unreadable requests, and answers 400 where a value broke a query."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of the view, or the refusal."""
        name = next(_unreadable(request), None)
        if name is not None:
            return refusal(request, UnreadableError(name).problem)
        _form_watch(request)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """400 for what a value of the caller has broken."""
        fault = input_fault(exception)
        return None if fault is None else refusal(request, fault)


def _unreadable(request: HttpRequest) -> Iterator[str]:
    """The names of the parts that are no text."""
    if not text_is_storable(request.path_info):
        yield "path"
    yield from pairs_unreadable(request.META.get("QUERY_STRING", "").encode("utf-8", "surrogateescape"))
    for name, value in request.META.items():
        if name.startswith(("HTTP_", "CONTENT_")) and not text_is_storable(str(value)):
            yield name.removeprefix("HTTP_").replace("_", "-").title()
    for name, value in request.COOKIES.items():
        if not text_is_storable(name + value):
            yield f"Cookie: {name}"
    if not text_is_storable(_basic(request.META.get("HTTP_AUTHORIZATION", ""))):
        yield "Authorization"


def pairs_unreadable(raw: bytes) -> Iterator[str]:
    """The names of the pairs of a query string, or of the body of a form, that are no text."""
    if b"%" not in raw and raw.isascii() and b"\x00" not in raw:
        return
    for pair in raw.split(b"&"):
        name = unquote_to_bytes(pair.partition(b"=")[0].replace(b"+", b" "))
        try:
            text = unquote_to_bytes(pair).decode()
        except UnicodeDecodeError:
            text = "\x00"
        if not text_is_storable(text):
            yield name.decode(errors="replace")


def _basic(header: str) -> str:
    """Name and password of basic credentials; "" for any other header."""
    scheme, _space, text = header.partition(" ")
    with suppress(ValueError):
        return b64decode(text.strip()).decode(errors="replace") if scheme.lower() == "basic" else ""
    return ""


def _form_watch(request: HttpRequest) -> None:
    """Look at a form when a view reads it: not before, so that no stranger's file is taken in."""
    kind = (request.content_type or "").lower()
    if kind not in {FORM, PARTS}:
        return
    whole: Any = request
    load = whole._load_post_and_files

    def load_readable() -> None:
        load()
        pairs = pairs_unreadable(request.body) if kind == FORM else form_unreadable(request.POST)
        name = next(pairs, None)
        if name is not None:
            whole._mark_post_parse_error()
            raise UnreadableError(name)

    whole._load_post_and_files = load_readable
