"""Telling the live feed, after commit, what has been stored."""

from __future__ import annotations

import msgspec
import redis
import structlog

from apps.core.connections import redis_client
from apps.sensing.data import Judged

CHANNEL = "sensing.readings"
MOST = 20_000  # a live feed shows the latest; a longer batch is history
log = structlog.get_logger("sensing")


def readings_announce(judged: Judged) -> None:
    """Publish a stored batch; a Redis that is down costs the live feed, never the readings."""
    if not 0 < len(judged.batch) <= MOST:
        return
    body = {
        "d": judged.batch.streams.tolist(),
        "t": (judged.batch.times // 1000).tolist(),
        "v": judged.batch.results.tolist(),
        "q": judged.quality.tolist(),
    }
    try:
        redis_client().publish(CHANNEL, msgspec.msgpack.encode(body))
    except redis.RedisError as error:
        log.warning("live_feed_unreachable", kind=type(error).__name__)
