"""The process's connection to Redis, for publishing news."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings


@cache
def redis_client() -> redis.Redis:
    """One client with its pool for the whole process; it connects when it is first used."""
    return redis.Redis.from_url(settings.REDIS_URL)
