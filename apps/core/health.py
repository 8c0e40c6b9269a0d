"""Is the process alive, is it ready, and what does it count."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from apps.core.answers import PlainJson

PARTS: dict[str, Callable[[], str]] = {}  # what further apps know of themselves, "ok" when all is well


def part_register(name: str, state: Callable[[], str]) -> None:
    """Let ``/readyz`` ask one more part, while database and Redis answer."""
    PARTS[name] = state


def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while the process answers."""
    return PlainJson({"status": "ok"})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _redis() -> str:
    try:
        cache.get("readyz")
    except redis.RedisError:
        return "down"
    return "ok"


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database and Redis answer and all else is well, else 503 with the part that is not."""
    parts = {"database": _database(), "redis": _redis()}
    if _is_ok(parts):
        parts |= {name: state() for name, state in PARTS.items()}
    ready = _is_ok(parts)
    return PlainJson({"status": "ok" if ready else "down", **parts}, status=200 if ready else 503)


def _is_ok(parts: dict[str, str]) -> bool:
    return all(state == "ok" for state in parts.values())


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text format, for addresses in METRICS_ALLOWED only."""
    if request.META.get("REMOTE_ADDR") not in settings.METRICS_ALLOWED:
        return PlainJson({"detail": "Ask the system administrator for access."}, status=403)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
