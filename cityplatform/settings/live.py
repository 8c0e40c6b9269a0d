"""Websocket feeds: how often a frame goes out and how much a client may lag."""

from __future__ import annotations

from cityplatform.settings import env
from cityplatform.settings.databases import REDIS_URL

CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}
LIVE_FRAME_MS = env.integer("LIVE_FRAME_MS", 125, "Milliseconds between two frames of one live layer.")
LIVE_QUEUE_FRAMES = env.integer(
    "LIVE_QUEUE_FRAMES", 8, "Frames that a slow client may lag before it is cut to the newest."
)
LIVE_RIGHTS_SECONDS = env.integer(
    "LIVE_RIGHTS_SECONDS", 5, "Seconds within which changed rights reach an open socket."
)
