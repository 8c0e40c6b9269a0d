"""What a websocket's opening request says: who calls, and in which language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from apps.catalogue.services.tokens import bearer_token
from apps.live.data import Credential, Proof

Scope = dict[str, Any]
BEARER = "bearer"


def has_token_in_url(scope: Scope) -> bool:
    """Whether the address carries a token: addresses end in logs, so it is refused unread."""
    return b"token=" in scope.get("query_string", b"")


def credential_of(scope: Scope) -> Credential | None:
    """The API key or access token of the header or of the subprotocol, else the session."""
    header = _bearer(scope)
    token = bearer_token(header)
    if token:
        return Credential(Proof.PROGRAM, token)
    if header:
        return Credential(Proof.KEY, header.partition(" ")[2].strip())
    key = scope["session"].session_key
    return Credential(Proof.SESSION, key) if key else None


def has_bearer(scope: Scope) -> bool:
    """Whether the request brings a key or a token, so that its session does not count."""
    return bool(_bearer(scope))


def _bearer(scope: Scope) -> str:
    """The header ``Bearer <key or token>``, or what stands for it; "" without one."""
    header = _header(scope, b"authorization")
    if header.partition(" ")[0].lower() == BEARER:
        return header
    return f"bearer {scope['subprotocols'][1]}" if is_bearer_protocol(scope) else ""


def is_bearer_protocol(scope: Scope) -> bool:
    """Whether a browser's program sends its token as ``Sec-WebSocket-Protocol: bearer, <token>``."""
    offered = scope.get("subprotocols") or []
    return len(offered) > 1 and offered[0] == BEARER


def language_of(scope: Scope) -> str:
    """The language that a page would have for the same cookies and headers."""
    request = HttpRequest()
    request.COOKIES = scope.get("cookies", {})
    request.META["HTTP_ACCEPT_LANGUAGE"] = _header(scope, b"accept-language")
    return translation.get_language_from_request(request)


def _header(scope: Scope, name: bytes) -> str:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return headers.get(name, b"").decode("latin-1")
