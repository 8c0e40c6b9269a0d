"""Every websocket for every class of viewers: no byte of a canary that the kernel does not show clear."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains, layers_by_id
from apps.core.jobs import job_create
from apps.core.models import JobKind
from apps.live.consumers import JobsConsumer, LiveConsumer, NoFeed
from cityplatform.sockets import websocket_urlpatterns
from tests.exits.planting import canaries, leaks, plant_all
from tests.exits.walkers import walkers
from tests.live.builders import Web, cookies
from tests.live.conftest import web, web_process

__all__ = ["web", "web_process"]
WALKED = {LiveConsumer, JobsConsumer}
QUIET = 0.25  # seconds after which nothing more is expected


def test_every_consumer_is_walked() -> None:
    found = {entry.callback.consumer_class for entry in websocket_urlpatterns}
    assert found == WALKED | {NoFeed}  # which closes at once


def bytes_heard(socket: ClientConnection) -> bytes:
    """Everything that arrives until it is quiet."""
    heard = b""
    with suppress(TimeoutError, ConnectionClosed):
        while True:
            text = socket.recv(timeout=QUIET)
            heard += text.encode() if isinstance(text, str) else text
    return heard


def everything_from(web: Web, user: User) -> bytes:
    """What both sockets tell: snapshots of every layer, recent jobs, and news while they are open."""
    headers = {"Cookie": cookies(user), "Accept-Language": "en"}
    with web.socket("/ws/live/", headers) as live, web.socket("/ws/jobs/", headers) as jobs:
        live.send(json.dumps({"subscribe": list(layers_by_id())}))
        before = bytes_heard(jobs)
        for domain in all_domains():
            job_create(JobKind.TRAINING, title=f"news of {domain.slug}", domain=domain.slug, owner=None)
        return before + bytes_heard(jobs) + bytes_heard(live)


@pytest.mark.django_db(transaction=True)
def test_no_socket_tells_what_the_kernel_does_not_show(web: Web) -> None:
    plant_all()
    words, shown, faults = canaries(), 0, list[str]()
    for role, user in walkers().items():
        heard = everything_from(web, user)
        faults += leaks(user, heard, words, at="a socket")
        told = {domain.slug for domain in all_domains() if f"news of {domain.slug}".encode() in heard}
        assert told == (set(viewer_for(user).domains) if role != "lowly" else set()), role
        shown += b"ZQX" in heard
    assert not faults, "\n".join(faults)
    assert shown
