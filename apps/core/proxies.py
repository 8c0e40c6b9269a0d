"""The caller's address behind proxies: believed only from proxies that the configuration names."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

FORWARDED = b"x-forwarded-for"


class TrustedProxies:
    """An ASGI application whose ``client`` is the real caller; anybody else's X-Forwarded-For is taken away.

    Of the addresses in the header the last one counts that is no proxy of ours: what stands before it was
    written by the caller. A value that is no address is dropped, and the proxy that wrote it stands.
    """

    def __init__(self, further: Any, *, networks: Sequence[str]) -> None:
        self._further = further
        self._networks = [ip_network(one) for one in networks]

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Put the caller's address into the scope, and give it on."""
        if scope["type"] in {"http", "websocket"}:
            scope = {**scope, "client": self._client(scope), "headers": _without(scope)}
        await self._further(scope, receive, send)

    def _client(self, scope: dict[str, Any]) -> Any:
        peer = scope.get("client")
        address = _address(peer[0]) if peer else None
        values = b",".join(value for name, value in scope["headers"] if name == FORWARDED)
        named = values.decode("latin-1").split(",")
        while address is not None and self._is_ours(address) and named:
            address = _address(named.pop().strip())
            if address is not None:
                peer = (str(address), 0)
        return peer

    def _is_ours(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _without(scope: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in scope["headers"] if name != FORWARDED]
