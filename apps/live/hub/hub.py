"""The hub of one web process.

Readings and job news come over one Redis subscription. What a client costs is one queue and its sends:
nothing is serialised, looked up or published per client (figures in docs/performance.md).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec
import orjson
import redis.asyncio as redis
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings

from apps.accounts.data import Viewer
from apps.live.hub.client import Client
from apps.live.hub.feed import Feed
from apps.live.selectors import Directory, directory_load, layer_class, viewer_now

READINGS, JOBS = "sensing.readings", "live.jobs"
RELOAD_SECONDS, AGE_SECONDS, RETRY_SECONDS = 30.0, 5.0, 1.0
log = structlog.get_logger("live")


class Hub:
    """Feeds by (layer, policy class), started with the first client of an event loop."""

    def __init__(self) -> None:
        self.feeds: dict[tuple[str, str], Feed] = {}
        self.jobs: dict[Client, Viewer] = {}
        self._directory = Directory({}, {})
        self._loaded = -1e9
        self._viewers: dict[int, tuple[Viewer, float]] = {}
        self._ready = asyncio.Event()
        self._tasks = [asyncio.create_task(part()) for part in (self._listen, self._tick, self._ages)]

    async def viewer(self, user_id: int | None) -> Viewer:
        """The rights of a user, at most ``LIVE_RIGHTS_SECONDS`` old and asked once for all his sockets."""
        viewer, asked = self._viewers.get(user_id or 0, (None, 0.0))
        if viewer is None or time.monotonic() - asked >= settings.LIVE_RIGHTS_SECONDS:
            viewer = await sync_to_async(viewer_now)(user_id)
            self._viewers[user_id or 0] = (viewer, time.monotonic())
        return viewer

    async def feed(self, layer: str, viewer: Viewer) -> Feed | None:
        """The feed that the viewer shares with all who have the same rights; None when he may not see it."""
        key = layer_class(layer, viewer)
        if key is None:
            return None
        await self._ready.wait()
        await self._reload(old=RELOAD_SECONDS)
        if (layer, key) not in self.feeds:
            prefix = viewer.division.rstrip("0") or viewer.division
            self.feeds[layer, key] = self._filled(Feed(layer, prefix))
        return self.feeds[layer, key]

    def _filled(self, feed: Feed) -> Feed:
        for stream, reading in self._directory.latest.items():
            target = self._directory.targets[stream]
            if target.layer == feed.layer and target.division.startswith(feed.prefix):
                feed.values[target.feature] = reading
        return feed

    async def _reload(self, *, old: float) -> None:
        if time.monotonic() - self._loaded < old:
            return
        self._loaded = time.monotonic()
        self._directory = await sync_to_async(directory_load)()

    async def _listen(self) -> None:
        """Read the subscription for ever; a Redis that goes away is asked again every second."""
        while True:
            try:
                await self._reload(old=RELOAD_SECONDS)
                async with redis.from_url(settings.REDIS_URL) as connection, connection.pubsub() as channel:
                    await channel.subscribe(READINGS, JOBS)
                    self._ready.set()
                    async for message in channel.listen():
                        if message["type"] == "message":
                            await self._take(message["channel"].decode(), message["data"])
            except (redis.RedisError, OSError) as error:
                log.warning("live_subscription_lost", kind=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _take(self, channel: str, data: bytes) -> None:
        if channel == JOBS:
            self._take_job(data)
            return
        batch = msgspec.msgpack.decode(data)
        if any(stream not in self._directory.targets for stream in batch["d"][:1]):
            await self._reload(old=RETRY_SECONDS)
        feeds: dict[str, list[Feed]] = {}
        for (layer, _key), feed in self.feeds.items():
            feeds.setdefault(layer, []).append(feed)
        for stream, moment, value, quality in zip(
            batch["d"], batch["t"], batch["v"], batch["q"], strict=True
        ):
            self._take_reading(stream, (moment, value, quality), feeds)

    def _take_reading(
        self, stream: int, reading: tuple[int, float | None, int], feeds: dict[str, list[Feed]]
    ) -> None:
        target = self._directory.targets.get(stream)
        if target is None:
            return
        self._directory.latest[stream] = reading
        for feed in feeds.get(target.layer, ()):
            if target.division.startswith(feed.prefix):
                feed.take(target.feature, reading)

    def _take_job(self, data: bytes) -> None:
        body: dict[str, Any] = orjson.loads(data)
        text = orjson.dumps({"type": "job", **body}).decode()
        for client, viewer in list(self.jobs.items()):
            if body["domain"] in viewer.domains:
                client.offer(text)

    async def _tick(self) -> None:
        """One frame for each feed that has changed, every ``LIVE_FRAME_MS``."""
        while True:
            await asyncio.sleep(settings.LIVE_FRAME_MS / 1000)
            for key, feed in list(self.feeds.items()):
                feed.flush()
                if not feed.clients:
                    del self.feeds[key]

    async def _ages(self) -> None:
        """Tell every client how old each of its layers is."""
        while True:
            await asyncio.sleep(AGE_SECONDS)
            ages: dict[Client, dict[str, int | None]] = {}
            for (layer, _key), feed in self.feeds.items():
                newest = feed.newest()
                for client in feed.clients:
                    ages.setdefault(client, {})[layer] = newest
            now = int(time.time() * 1000)
            for client, layers in ages.items():
                client.offer(orjson.dumps({"type": "age", "layers": layers, "at": now}).decode())


HUBS: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub_now() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in HUBS:
        for old in [known for known in HUBS if known.is_closed()]:
            del HUBS[old]
        HUBS[loop] = Hub()
    return HUBS[loop]
