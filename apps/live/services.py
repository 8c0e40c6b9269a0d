"""Publishing news to the hubs."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import redis
import structlog
from django.conf import settings

JOBS = "live.jobs"
log = structlog.get_logger("live")


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def job_announce(body: dict[str, Any]) -> None:
    """Tell the hubs about a job; a Redis that is down costs the news, never the job."""
    try:
        _redis().publish(JOBS, orjson.dumps(body, default=str))
    except redis.RedisError as error:
        log.warning("job_news_lost", kind=type(error).__name__)
