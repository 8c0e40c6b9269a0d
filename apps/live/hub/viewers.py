"""The rights of everybody connected, asked once for all sockets of one credential."""

from __future__ import annotations

import asyncio
import time

from channels.db import database_sync_to_async
from django.conf import settings

from apps.accounts.data import Viewer
from apps.live.data import Credential
from apps.live.selectors import credential_viewer

Question = asyncio.Task[Viewer | None]


class Viewers:
    """Answers that are at most ``LIVE_RIGHTS_SECONDS`` old."""

    def __init__(self) -> None:
        self._asked: dict[Credential, tuple[float, Question]] = {}

    async def get(self, credential: Credential) -> Viewer | None:
        """The viewer behind a credential; None when it has ended. A question that failed is asked again."""
        asked, question = self._asked.get(credential, (0.0, None))
        if question is None or self._is_old(asked) or _has_failed(question):
            question = asyncio.create_task(_ask(credential))
            self._asked[credential] = (time.monotonic(), question)
        return await asyncio.shield(question)

    def tidy(self) -> None:
        """Forget credentials that nobody has asked about for a while."""
        for credential, (asked, question) in list(self._asked.items()):
            if question.done() and self._is_old(asked):
                del self._asked[credential]

    def _is_old(self, asked: float) -> bool:
        return time.monotonic() - asked >= settings.LIVE_RIGHTS_SECONDS


def _has_failed(question: Question) -> bool:
    return question.done() and question.exception() is not None


async def _ask(credential: Credential) -> Viewer | None:
    viewer: Viewer | None = await database_sync_to_async(credential_viewer)(credential)
    return viewer
