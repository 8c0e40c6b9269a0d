"""A generator that asks the database, sent to a client at the pace at which he reads.

Under ASGI Django collects an ordinary iterator before it sends the first byte. Here a thread of the export's
own asks for piece after piece: one database connection, one piece in memory.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

SLOTS = BoundedSemaphore(settings.EXPORTS_AT_ONCE)


def streamed(request: HttpRequest, chunks: Iterator[bytes], *, kind: str, name: str) -> StreamingHttpResponse:
    """The pieces as a file called ``name``; 503 while as many exports run as one process may have."""
    slot = Slot()
    pieces = slot.kept(chunks)
    content = pulled(pieces) if isinstance(request, ASGIRequest) else pieces
    answer = StreamingHttpResponse(content, content_type=kind)
    weakref.finalize(answer, slot.release)  # it may never begin
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


class Slot:
    """A place among the exports that run at once; ProblemError where none is free."""

    def __init__(self) -> None:
        self._is_held = SLOTS.acquire(blocking=False)
        if not self._is_held:
            detail = _("Too many exports are running now; try again in a minute.")
            raise ProblemError(detail, status=503, code="busy")

    def release(self) -> None:
        """Give the place back, once."""
        if self._is_held:
            self._is_held = False
            SLOTS.release()

    def kept(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces; the place is free as soon as they end, break off or are given up."""
        try:
            yield from chunks
        finally:
            self.release()


async def pulled(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each made when the one before has been sent."""
    loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1, "export")
    try:
        while piece := await loop.run_in_executor(thread, next, chunks, b""):
            yield piece
    finally:
        thread.submit(_end, chunks)
        thread.shutdown(wait=False)


def _end(chunks: Iterator[bytes]) -> None:
    """Close the generator where it stands, and give its connection back."""
    getattr(chunks, "close", tuple)()
    connections.close_all()
