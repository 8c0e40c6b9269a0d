"""``uvicorn benchmarks.live_peer:application``: the same frames by Channels' ``group_send``, without login.

This is how Channels' own guide fans out: every client is a channel of a group in Redis.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import msgspec
import orjson
import redis.asyncio as redis
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
settings.CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [settings.REDIS_URL]},
    }
}
GROUP = "roads"
SENDERS: list[asyncio.Task[None]] = []


class PeerConsumer(AsyncWebsocketConsumer):
    """Joins the group and passes on what comes."""

    async def connect(self) -> None:
        """Start the sender with the first client."""
        if not SENDERS:
            SENDERS.extend(asyncio.create_task(part) for part in senders())
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def frame(self, event: dict[str, Any]) -> None:
        """Hand one frame to the client."""
        await self.send(text_data=event["text"])


def senders() -> list[Any]:
    """Collect readings, and send what came every ``LIVE_FRAME_MS``."""
    waiting: list[Any] = []
    return [_listen(waiting), _tick(waiting)]


async def _listen(waiting: list[Any]) -> None:
    async with redis.from_url(settings.REDIS_URL) as connection, connection.pubsub() as channel:
        await channel.subscribe("sensing.readings")
        async for message in channel.listen():
            if message["type"] == "message":
                batch = msgspec.msgpack.decode(message["data"])
                waiting.extend(zip(batch["d"], batch["t"], batch["v"], batch["q"], strict=True))


async def _tick(waiting: list[Any]) -> None:
    number, layer = 0, get_channel_layer()
    while True:
        await asyncio.sleep(settings.LIVE_FRAME_MS / 1000)
        number += 1
        body = {
            "type": "frame",
            "layer": GROUP,
            "n": number,
            "at": int(time.time() * 1000),
            "values": waiting,
        }
        text = orjson.dumps(body).decode()
        waiting.clear()
        await layer.group_send(GROUP, {"type": "frame", "text": text})


django_application = get_asgi_application()
application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": URLRouter([path("ws/live/", PeerConsumer.as_asgi())]),
    }
)
