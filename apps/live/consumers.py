"""Websocket entry points: who is it, what does he want, what may he have. The hub does the rest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import orjson
import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError
from django.urls import path, re_path
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.audit.services import Act, log_unwritable, read_record_soon
from apps.core.errors import ProblemError
from apps.core.jobs import job_body
from apps.core.rates import Bucket, Buckets
from apps.live.data import Credential, Proof
from apps.live.handshake import (
    BEARER,
    credential_of,
    has_token_in_url,
    is_bearer_protocol,
    language_of,
)
from apps.live.hub.client import Client
from apps.live.hub.feed import Feed
from apps.live.hub.hub import Hub, hub_now
from apps.live.messages import Message, message_read
from apps.live.selectors import job_text, jobs_recent

TOKEN_IN_URL, NOT_LOGGED_IN, RIGHTS_ENDED, NOT_FOUND = 4400, 4401, 4403, 4404
FLOODED, FAILED = 1008, 1011  # RFC 6455: policy, fault of the server
DRAIN_SECONDS = 1.0
MOST_ASKED, ASKED_A_SECOND = 300, 20  # messages and layers of one socket; each is looked up and recorded
# By address: keys and tokens that nobody has are looked up and recorded. A session is not guessed, and its
# neighbours behind one address must be able to log in.
STRANGERS = Buckets(size=60, refill=1)
log = structlog.get_logger("live")


class PolicyConsumer(AsyncWebsocketConsumer):
    """A socket of a known user whose rights are asked again every few seconds."""

    credential: Credential | None = None
    client: Client
    hub: Hub

    async def connect(self) -> None:
        """Accept, then close with a code that says why when the caller may not."""
        await self.accept(BEARER if is_bearer_protocol(self.scope) else None)
        translation.activate(language_of(self.scope))
        if has_token_in_url(self.scope):
            await self.close(TOKEN_IN_URL)
            return
        credential, hub = credential_of(self.scope), hub_now()
        tries = STRANGERS.of((self.scope.get("client") or ("",))[0])
        if credential is not None and credential.proof is not Proof.SESSION and not tries.has():
            await self.close(FLOODED)
            return
        viewer = await hub.viewer(credential) if credential else None
        if viewer is None:
            tries.take()
            self.recorded(None, "live.socket", allowed=False)
            await self.close(NOT_LOGGED_IN)
            return
        self.credential, self.hub = credential, hub
        self.client = Client(
            send=self._text, limit=settings.LIVE_QUEUE_FRAMES, language=language_of(self.scope)
        )
        self._watch = asyncio.create_task(self._watch_rights())
        await self.opened(viewer)

    async def disconnect(self, code: int) -> None:
        """Forget the client."""
        if self.credential is not None:
            self._watch.cancel()
            self.client.close()
            self.forget()

    async def _text(self, text: str) -> None:
        await self.send(text_data=text)

    async def viewer(self) -> Viewer | None:
        """The rights of now; a credential that has ended ends the socket."""
        viewer = await self.hub.viewer(self.credential) if self.credential else None
        if viewer is None:
            await self.end(NOT_LOGGED_IN)
        return viewer

    async def _watch_rights(self) -> None:
        """Ask again and again; when nobody can answer, the socket closes rather than trust old rights."""
        try:
            while True:
                await asyncio.sleep(settings.LIVE_RIGHTS_SECONDS)
                viewer = await self.viewer()
                if viewer is not None:
                    await self.rights(viewer)
        except DatabaseError as error:
            log.warning("live_rights_unknown", kind=type(error).__name__)
            await self.end(FAILED)

    async def end(self, code: int) -> None:
        """Send no more news, let what waits go out if the network takes it, and close."""
        self.forget()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.client.drain(), DRAIN_SECONDS)
        await self.close(code)

    def tell(self, body: dict[str, Any]) -> None:
        """Queue one message."""
        self.client.tell(orjson.dumps(body).decode())

    def recorded(self, viewer: Viewer | None, what: str, *, allowed: bool) -> bool:
        """One entry in the access log for each thing that somebody wants to hear of; whether it is taken."""
        action, result = ("subscribe", "done") if allowed else ("refuse", "refused")
        address, user_id = (self.scope.get("client") or (None,))[0], viewer.user_id if viewer else None
        role = viewer.acting_roles if viewer else ""
        act = Act(action, user_id, "live.layer", what[:64], result=result, address=address, role=role)
        try:
            read_record_soon(act, request_id="")
        except ProblemError as error:
            log.warning("live_unrecorded", detail=str(error.detail))
            return False
        return True

    async def opened(self, viewer: Viewer) -> None:
        """The socket is open."""

    async def rights(self, viewer: Viewer) -> None:
        """The rights as they are now."""

    def forget(self) -> None:
        """Take no more news."""


class LiveConsumer(PolicyConsumer):
    """Live values of map layers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joined: dict[str, Feed] = {}
        self.asks = Bucket(MOST_ASKED, ASKED_A_SECOND)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """``{"subscribe": [...], "resume": {...}}`` or ``{"unsubscribe": [...]}``."""
        if self.credential is None:
            return
        if self.client.is_flooded:
            await self.close(FLOODED)
            return
        message = message_read(text_data)
        if not self.asks.take(1 + len(message.subscribe) if isinstance(message, Message) else 1):
            await self.close(FLOODED)
            return
        if isinstance(message, Message):
            await self._obey(message)
        else:
            self.tell({"type": "error", "detail": message})

    async def _obey(self, message: Message) -> None:
        for layer in message.unsubscribe:
            self._leave(layer)
        viewer = await self.viewer() if message.subscribe else None
        if viewer is not None:
            for layer in message.subscribe:
                await self._join(layer, viewer, message.resume.get(layer))

    async def _join(self, layer: str, viewer: Viewer, resume: int | None) -> None:
        feed = await self.hub.feed(layer, viewer)
        self._leave(layer)
        if not self.recorded(viewer, layer, allowed=feed is not None):
            self._refuse(layer, str(log_unwritable().detail))
            return
        if feed is None:
            self._refuse(layer, _("There is no such layer, or you may not see it."))
            return
        self.joined[layer] = feed
        feed.join(self.client, resume=resume)

    def _refuse(self, layer: str, detail: str) -> None:
        self.tell({"type": "refused", "layer": layer, "detail": detail})

    def _leave(self, layer: str) -> None:
        feed = self.joined.pop(layer, None)
        if feed is not None:
            feed.leave(self.client)

    async def rights(self, viewer: Viewer) -> None:
        """Move to the feeds of the new rights; refuse what they no longer allow."""
        before = len(self.joined)
        for layer, feed in list(self.joined.items()):
            allowed = await self.hub.feed(layer, viewer)
            if allowed is feed or self.joined.get(layer) is not feed:
                continue
            self._leave(layer)
            if allowed is None:
                self.recorded(viewer, layer, allowed=False)
                self._refuse(layer, _("Your rights to this layer have ended."))
            else:
                self.joined[layer] = allowed
                allowed.join(self.client)
        if before and not self.joined:
            await self.end(RIGHTS_ENDED)

    def forget(self) -> None:
        """Leave every feed."""
        for layer in list(self.joined):
            self._leave(layer)


class JobsConsumer(PolicyConsumer):
    """News of jobs and of alarms in the viewer's domains."""

    async def opened(self, viewer: Viewer) -> None:
        """Send the recent jobs and what changed while they were read, then whatever changes."""
        if not self.recorded(viewer, "jobs", allowed=True):
            await self.end(FAILED)
            return
        jobs = self.hub.jobs
        first = jobs.number + 1
        recent = await database_sync_to_async(jobs_recent)(viewer)
        for text in [job_text(job_body(job), viewer) for job in recent] + jobs.since(viewer, first):
            if text:
                self.client.tell(text)
        jobs.clients[self.client] = self.hub.alarms.clients[self.client] = viewer

    async def rights(self, viewer: Viewer) -> None:
        """Use the new rights from now on."""
        if not viewer.domains:
            await self.end(RIGHTS_ENDED)
        elif self.client in self.hub.jobs.clients:
            self.hub.jobs.clients[self.client] = self.hub.alarms.clients[self.client] = viewer

    def forget(self) -> None:
        """Hear no more."""
        for feed in (self.hub.jobs, self.hub.alarms):
            feed.clients.pop(self.client, None)
            self.client.forget(feed)


class NoFeed(AsyncWebsocketConsumer):
    """An address without a feed: the caller hears so, instead of a fault of the server."""

    async def connect(self) -> None:
        """Accept, so that the code arrives, and close."""
        await self.accept(BEARER if is_bearer_protocol(self.scope) else None)
        await self.close(NOT_FOUND)


websocket_urlpatterns = [
    path("ws/live/", LiveConsumer.as_asgi()),
    path("ws/jobs/", JobsConsumer.as_asgi()),
    re_path("", NoFeed.as_asgi()),
]
