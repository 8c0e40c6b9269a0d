"""Websocket entry points: who is it, what does he want, what may he have. The hub does the rest."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.urls import path
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.accounts.selectors import api_key_valid
from apps.core.jobs import job_body
from apps.live.hub.client import Client
from apps.live.hub.feed import Feed
from apps.live.hub.hub import Hub, hub_now
from apps.live.selectors import jobs_recent

TOKEN_IN_URL, NOT_LOGGED_IN, RIGHTS_ENDED = 4400, 4401, 4403
MOST_LAYERS, MOST_BYTES = 50, 4096


class PolicyConsumer(AsyncWebsocketConsumer):
    """A socket of a known user whose rights are asked again every few seconds."""

    user_id: int | None = None
    client: Client
    hub: Hub

    async def connect(self) -> None:
        """Accept, then close with a code that says why when the caller may not."""
        await self.accept()
        if b"token=" in self.scope.get("query_string", b""):
            await self.close(TOKEN_IN_URL)
            return
        self.user_id = await self._user()
        if self.user_id is None:
            await self.close(NOT_LOGGED_IN)
            return
        self.hub = hub_now()
        self.client = Client(send=self._text, limit=settings.LIVE_QUEUE_FRAMES, on_cut=self.on_cut)
        await self.opened(await self.hub.viewer(self.user_id))
        self._watch = asyncio.create_task(self._watch_rights())

    async def disconnect(self, code: int) -> None:
        """Forget the client."""
        if self.user_id is not None:
            self._watch.cancel()
            self.client.close()
            self.forget()

    async def _text(self, text: str) -> None:
        await self.send(text_data=text)

    async def _user(self) -> int | None:
        """The user of the session, or of an API key in the header; never of the address."""
        user = self.scope["user"]
        if user.is_authenticated:
            return int(user.pk)
        headers = dict(self.scope["headers"])
        scheme, _space, text = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        key = await sync_to_async(api_key_valid)(text.strip()) if scheme.lower() == "bearer" else None
        return key.user_id if key is not None and "read" in key.scopes else None

    async def _watch_rights(self) -> None:
        while True:
            await asyncio.sleep(settings.LIVE_RIGHTS_SECONDS)
            await self.rights(await self.hub.viewer(self.user_id))

    async def end(self) -> None:
        """Close because no right is left, after what waits has been sent."""
        await asyncio.wait_for(self.client.drain(), timeout=1)
        await self.close(RIGHTS_ENDED)

    def tell(self, body: dict[str, Any]) -> None:
        """Queue one message."""
        self.client.tell(orjson.dumps(body).decode())

    async def opened(self, viewer: Viewer) -> None:
        """The socket is open."""

    async def rights(self, viewer: Viewer) -> None:
        """The rights as they are now."""

    def on_cut(self) -> None:
        """The client lagged and lost what waited."""

    def forget(self) -> None:
        """The socket is closed."""


class LiveConsumer(PolicyConsumer):
    """Live values of map layers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joined: dict[str, Feed] = {}
        self._seen: dict[str, int] = {}

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """``{"subscribe": [...], "resume": {...}}`` or ``{"unsubscribe": [...]}``."""
        if self.user_id is None:
            return
        message = _parse(text_data)
        if isinstance(message, str):
            self.tell({"type": "error", "detail": message})
            return
        for layer in message.get("unsubscribe", []):
            self._leave(layer)
        for layer in message.get("subscribe", []):
            await self._join(layer, message.get("resume", {}).get(layer))

    async def _join(self, layer: str, resume: int | None) -> None:
        feed = await self.hub.feed(layer, await self.hub.viewer(self.user_id))
        if feed is None:
            self.tell(
                {
                    "type": "refused",
                    "layer": layer,
                    "detail": _("There is no such layer, or you may not see it."),
                }
            )
            return
        self._leave(layer)
        self.joined[layer] = feed
        feed.join(self.client, resume=resume)

    def _leave(self, layer: str) -> None:
        feed = self.joined.pop(layer, None)
        if feed is not None:
            feed.leave(self.client)

    async def rights(self, viewer: Viewer) -> None:
        """Move to the feeds of the new rights; refuse what they no longer allow."""
        before = len(self.joined)
        for layer, feed in list(self.joined.items()):
            allowed = await self.hub.feed(layer, viewer)
            if allowed is feed:
                continue
            self._leave(layer)
            if allowed is None:
                self.tell(
                    {"type": "refused", "layer": layer, "detail": _("Your rights to this layer have ended.")}
                )
            else:
                self.joined[layer] = allowed
                allowed.join(self.client)
        if before and not self.joined:
            await self.end()

    def on_cut(self) -> None:
        """Say what was missed, and give the state of now."""
        for feed in self.joined.values():
            feed.restart(self.client, since=max(feed.number - settings.LIVE_QUEUE_FRAMES, 0))

    def forget(self) -> None:
        """Leave every feed."""
        for layer in list(self.joined):
            self._leave(layer)


class JobsConsumer(PolicyConsumer):
    """News of jobs in the viewer's domains."""

    async def opened(self, viewer: Viewer) -> None:
        """Send the recent jobs, then whatever changes."""
        for job in await sync_to_async(jobs_recent)(viewer):
            self.tell({"type": "job", **job_body(job)})
        self.hub.jobs[self.client] = viewer

    async def rights(self, viewer: Viewer) -> None:
        """Use the new rights from now on."""
        self.hub.jobs[self.client] = viewer
        if not viewer.domains:
            await self.end()

    def forget(self) -> None:
        """Hear no more."""
        self.hub.jobs.pop(self.client, None)


def _parse(text: str | None) -> dict[str, Any] | str:
    """The message, or a sentence that says what is wrong with it."""
    if text is None or len(text) > MOST_BYTES:
        return _("Send one JSON object of at most 4096 characters.")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _("This is no JSON.")
    if not isinstance(message, dict):
        return _("Send an object with subscribe or unsubscribe.")
    for name in ("subscribe", "unsubscribe"):
        layers = message.get(name, [])
        if (
            not isinstance(layers, list)
            or not all(isinstance(item, str) for item in layers)
            or len(layers) > MOST_LAYERS
        ):
            return _("Give a list of at most 50 layer ids.")
    resume = message.get("resume", {})
    if not isinstance(resume, dict) or not all(isinstance(number, int) for number in resume.values()):
        return _("Give resume as layer id -> number of the last frame.")
    return message


websocket_urlpatterns = [path("ws/live/", LiveConsumer.as_asgi()), path("ws/jobs/", JobsConsumer.as_asgi())]
