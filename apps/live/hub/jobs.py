"""News of jobs: between two frames a job keeps its newest state only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import override

from apps.accounts.data import Viewer
from apps.live.hub.client import Client
from apps.live.selectors import alarm_text, job_text
from apps.privacy.services import policy_class

MOST_JOBS = 200  # whose newest state is kept for clients that lagged

Body = dict[str, Any]


class JobFeed:
    """Jobs by their newest number, and who listens."""

    def __init__(self) -> None:
        self.clients: dict[Client, Viewer] = {}
        self.number = 0
        self._news: dict[str, tuple[int, Body]] = {}
        self._changed: dict[str, Body] = {}

    def text(self, body: Body, viewer: Viewer) -> str:
        """The message as the viewer may see it; empty when he may not."""
        return job_text(body, viewer)

    def take(self, body: Body) -> None:
        """A job as it stands now."""
        self._changed[body["id"]] = body

    def flush(self) -> None:
        """Send what has changed, made once for all clients with the same rights and language."""
        if not self._changed:
            return
        self.number += 1
        texts: dict[tuple[str, str, str], str] = {}
        for client, viewer in list(self.clients.items()):
            for body in self._changed.values():
                key = (body["id"], policy_class(viewer, domain=body["domain"]), client.language)
                if key not in texts:
                    with override(client.language or settings.LANGUAGE_CODE):
                        texts[key] = self.text(body, viewer)
                if texts[key]:
                    client.offer(texts[key], self, self.number)
        self._remember()

    def _remember(self) -> None:
        for job, body in self._changed.items():
            self._news.pop(job, None)
            self._news[job] = (self.number, body)
        self._changed.clear()
        while len(self._news) > MOST_JOBS:
            del self._news[next(iter(self._news))]

    def since(self, viewer: Viewer, first: int) -> list[str]:
        """The jobs that changed with number ``first`` or later, as the viewer may see them."""
        texts = [self.text(body, viewer) for number, body in self._news.values() if number >= first]
        return [text for text in texts if text]

    def catch_up(self, client: Client, first: int) -> list[str]:
        """The newest state of every job whose news the client lost."""
        viewer = self.clients.get(client)
        with override(client.language or settings.LANGUAGE_CODE):
            return self.since(viewer, first) if viewer else []


class AlarmFeed(JobFeed):
    """The same for alarms."""

    def text(self, body: Body, viewer: Viewer) -> str:
        """The message as the viewer may see it; empty when he may not."""
        return alarm_text(body, viewer)
