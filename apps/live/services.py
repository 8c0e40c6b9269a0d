"""Publishing news to the hubs."""

from __future__ import annotations

from typing import Any

import orjson
import redis
import structlog

from apps.core.connections import redis_client

JOBS = "live.jobs"
log = structlog.get_logger("live")


def job_announce(body: dict[str, Any]) -> None:
    """Tell the hubs about a job; a Redis that is down costs the news, never the job."""
    try:
        redis_client().publish(JOBS, orjson.dumps(body, default=str))
    except redis.RedisError as error:
        log.warning("job_news_lost", kind=type(error).__name__)
