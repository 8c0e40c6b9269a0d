"""In whose name the database works while a request is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

from apps.accounts.data import ACTING, NOBODY, Viewer, acting_as

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def acting_request(get_response: GetResponse) -> GetResponse:
    """Nobody, until ``request_viewer`` has found out who asks; and again when the answer stands.

    So a view that never asks the kernel who is looking gets no row of a personal table.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with acting_as(NOBODY):
            response = get_response(request)
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                response.streaming_content = _in_the_name_of(ACTING.get(), response.streaming_content)
            return response

    return middleware


def _in_the_name_of(viewer: Viewer, parts: Any) -> Iterator[bytes]:
    """A stream is read after the view has ended, and each part perhaps on another thread."""
    parts, end = iter(parts), object()
    while True:
        with acting_as(viewer):
            part: Any = next(parts, end)
        if part is end:
            return
        yield part
