"""Publishing news to the hubs."""

from __future__ import annotations

from typing import Any

import orjson
import redis
import structlog

from apps.core.connections import redis_client

JOBS, ALARMS = "live.jobs", "live.alarms"
log = structlog.get_logger("live")


def job_announce(body: dict[str, Any]) -> None:
    """Tell the hubs about a job; a Redis that is down costs the news, never the job."""
    _publish(JOBS, body)


def alarms_announce(bodies: list[dict[str, Any]]) -> None:
    """Tell the hubs about alarms; a page that missed the news sees them when it is opened again."""
    _publish(ALARMS, bodies)


def _publish(channel: str, content: Any) -> None:
    try:
        redis_client().publish(channel, orjson.dumps(content, default=str))
    except redis.RedisError as error:
        log.warning("news_lost", channel=channel, kind=type(error).__name__)
