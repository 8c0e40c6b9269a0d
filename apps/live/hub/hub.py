"""The hub of one web process.

Readings and job news come over one Redis subscription. What a client costs is one queue and its sends:
nothing is serialised, looked up or published per client (figures in docs/performance.md).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
import orjson
import redis.asyncio as redis
import structlog
from channels.db import database_sync_to_async
from django.conf import settings

from apps.accounts.data import Viewer
from apps.core.divisions import is_within
from apps.live.data import Credential, Directory
from apps.live.hub.client import Client
from apps.live.hub.feed import Feed
from apps.live.hub.jobs import AlarmFeed, JobFeed
from apps.live.hub.viewers import Viewers
from apps.live.selectors import directory_load, layer_class

READINGS, JOBS, ALARMS = "sensing.readings", "live.jobs", "live.alarms"
RELOAD_SECONDS, AGE_SECONDS, RETRY_SECONDS = 30.0, 5.0, 1.0
log = structlog.get_logger("live")


class Batch(msgspec.Struct):
    """Stored readings as sensing announces them: columns of one length."""

    streams: list[int] = msgspec.field(name="d")
    times: list[int] = msgspec.field(name="t")  # unix milliseconds
    values: list[float | None] = msgspec.field(name="v")
    quality: list[int] = msgspec.field(name="q")


class Hub:
    """Feeds by (layer, policy class), started with the first client of an event loop."""

    def __init__(self) -> None:
        self.feeds: dict[tuple[str, str], Feed] = {}
        self.jobs, self.alarms = JobFeed(), AlarmFeed()
        self._directory = Directory()
        self._viewers = Viewers()
        self._unmapped: set[int] = set()  # datastreams that colour no layer
        self._loaded, self._reload_wanted = asyncio.Event(), asyncio.Event()
        parts = (self._listen, self._reload, self._tick, self._ages)
        self._tasks = [asyncio.create_task(_for_ever(part)) for part in parts]

    async def viewer(self, credential: Credential) -> Viewer | None:
        """The rights behind a credential, at most ``LIVE_RIGHTS_SECONDS`` old; None when it has ended."""
        return await self._viewers.get(credential)

    async def feed(self, layer: str, viewer: Viewer) -> Feed | None:
        """The feed that the viewer shares with all who have the same rights; None when he may not see it."""
        key = layer_class(layer, viewer)
        if key is None:
            return None
        await self._loaded.wait()
        if (layer, key) not in self.feeds:
            division, former = viewer.division, viewer.former
            readings = self._directory.readings(layer=layer, division=division, former=former)
            self.feeds[layer, key] = Feed(layer, division=division, former=former, values=readings)
        return self.feeds[layer, key]

    async def _listen(self) -> None:
        """Read the subscription; what was missed before it stood is loaded from the database."""
        async with redis.from_url(settings.REDIS_URL) as connection, connection.pubsub() as channel:
            await channel.subscribe(READINGS, JOBS, ALARMS)
            self._reload_wanted.set()
            async for message in channel.listen():
                if message["type"] == "message":
                    self._take(message["channel"].decode(), message["data"])

    def _take(self, channel: str, data: bytes) -> None:
        try:
            if channel == JOBS:
                self.jobs.take(orjson.loads(data))
            elif channel == ALARMS:
                for body in orjson.loads(data):
                    self.alarms.take(body)
            else:
                self._take_batch(msgspec.msgpack.decode(data, type=Batch))
        except (ValueError, KeyError, TypeError) as error:
            log.warning("live_message_unreadable", channel=channel, kind=type(error).__name__)

    def _take_batch(self, batch: Batch) -> None:
        feeds: dict[str, list[Feed]] = {}
        for (layer, _key), feed in self.feeds.items():
            feeds.setdefault(layer, []).append(feed)
        rows = zip(batch.streams, batch.times, batch.values, batch.quality, strict=True)
        for stream, moment, value, quality in rows:
            target = self._directory.targets.get(stream)
            if target is None:
                self._miss(stream)
                continue
            reading = (moment, value, quality)
            if moment >= self._directory.latest.get(stream, reading)[0]:
                self._directory.latest[stream] = reading
            for feed in feeds.get(target.layer, ()):
                if is_within(target.division, feed.division, feed.former):
                    feed.take(target.feature, reading)

    def _miss(self, stream: int) -> None:
        """A datastream that nobody knows may be new: look once."""
        if stream not in self._unmapped:
            self._unmapped.add(stream)
            self._reload_wanted.set()

    async def _reload(self) -> None:
        """Load the directory now and then, and soon when something new is heard of."""
        self._reload_wanted.clear()
        directory: Directory = await database_sync_to_async(directory_load)()
        directory.keep_newer(self._directory.latest)
        self._directory = directory
        for feed in self.feeds.values():
            known = directory.readings(layer=feed.layer, division=feed.division, former=feed.former)
            feed.renew(known)
        self._loaded.set()
        await asyncio.sleep(RETRY_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._reload_wanted.wait(), RELOAD_SECONDS)

    async def _tick(self) -> None:
        """One frame for each feed that has changed, every ``LIVE_FRAME_MS``."""
        await asyncio.sleep(settings.LIVE_FRAME_MS / 1000)
        self.jobs.flush()
        self.alarms.flush()
        for key, feed in list(self.feeds.items()):
            feed.flush()
            if not feed.clients:
                del self.feeds[key]

    async def _ages(self) -> None:
        """Tell every client how old each of its layers is."""
        await asyncio.sleep(AGE_SECONDS)
        ages: dict[Client, dict[str, int | None]] = {}
        for (layer, _key), feed in self.feeds.items():
            newest = feed.newest()
            for client in feed.clients:
                ages.setdefault(client, {})[layer] = newest
        now = int(time.time() * 1000)
        for client, layers in ages.items():
            client.hint(orjson.dumps({"type": "age", "layers": layers, "at": now}).decode())
        self._viewers.tidy()


async def _for_ever(part: Callable[[], Awaitable[None]]) -> None:
    """Repeat a part of the hub; a fault costs a second, never the feed."""
    while True:
        try:
            await part()
        except Exception:
            log.exception("live_part_failed", part=getattr(part, "__name__", ""))
            await asyncio.sleep(RETRY_SECONDS)


HUBS: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub_now() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in HUBS:
        for old in [known for known in HUBS if known.is_closed()]:
            del HUBS[old]
        HUBS[loop] = Hub()
    return HUBS[loop]
