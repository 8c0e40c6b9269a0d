"""Who may open a websocket: pages of this very site, port included, and programs that bring a token."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit

from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier
from django.conf import settings

from apps.live.handshake import has_bearer

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class SameOrigin:
    """Refuses a websocket whose ``Origin`` is not the site that was asked, or one of CSRF_TRUSTED_ORIGINS.

    Another port of the same host is another site: a second program on the machine must not use the cookies
    of this one. Every browser names the page that asks, so a request without an ``Origin`` comes from a
    program: it is let in when it brings a key or a token, which counts before any cookie.
    """

    def __init__(self, further: Any) -> None:
        self._further = further
        self._pages = AllowedHostsOriginValidator(further)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Give on what comes from our own pages and from programs."""
        return await self._next(scope)(scope, receive, send)

    def _next(self, scope: dict[str, Any]) -> Any:
        headers = dict(scope["headers"])
        if b"origin" not in headers and has_bearer(scope):
            return self._further
        return self._pages if origin_permitted(headers) else WebsocketDenier()


def origin_permitted(headers: dict[bytes, bytes]) -> bool:
    """Whether the origin is the host that was asked, with its port, or a trusted one."""
    origin = _split(headers.get(b"origin", b"").decode("latin-1"))
    if origin is None or origin.scheme not in {"http", "https"}:
        return False
    host = _split(f"{origin.scheme}://{headers.get(b'host', b'').decode('latin-1')}")
    trusted = [_split(one) for one in settings.CSRF_TRUSTED_ORIGINS]
    return _place(origin) in [_place(one) for one in (host, *trusted) if one is not None]


def _place(parts: SplitResult) -> tuple[str, int | None]:
    return parts.hostname or "", parts.port or PORTS.get(parts.scheme)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return None
    return parts if is_whole else None
