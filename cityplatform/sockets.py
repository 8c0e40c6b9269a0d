"""Websocket addresses: what the live app offers."""

from __future__ import annotations

from apps.live.consumers import websocket_urlpatterns

__all__ = ["websocket_urlpatterns"]
