"""The short way of observations: for whom Django has admitted a moment ago, and only for what is plain."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import LazySettings

from apps.sensing.models import Observation
from apps.sensing.sensorthings.posters import POSTERS
from apps.sensing.sensorthings.quick import QuickPosts
from tests.sensing.sta import ROOT, World, world_make

pytestmark = pytest.mark.django_db(transaction=True)
PATH = f"{ROOT}Observations"


@pytest.fixture
def world(settings: LazySettings) -> World:
    """A poster whom Django has just admitted to the first stream of the schools."""
    name = settings.DATABASES["default"]["NAME"]
    settings.DATABASE_URL = urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
    made = world_make()
    host = {"host": "testserver"}
    answer = made.client.post(PATH, reading(made, 0), content_type="application/json", headers=host)
    assert answer.status_code == 201
    return made


def reading(world: World, minute: int, **more: Any) -> dict[str, Any]:
    """An observation of the first stream."""
    first = world.streams[0]
    stream = {"@iot.id": first.pk, "name": first.name or first.key}
    return {"phenomenonTime": f"2026-11-03T08:{minute:02}:00Z", "result": 500, "Datastream": stream, **more}


def posted(world: World, bodies: list[Any]) -> list[int]:
    """The statuses of bodies that arrive at once; 0 where Django was asked."""
    headers = {"host": "testserver", "authorization": world.client.defaults["HTTP_AUTHORIZATION"]}
    return asyncio.run(_posted(headers, [json.dumps(body).encode() for body in bodies]))


async def _posted(headers: dict[str, str], bodies: list[bytes]) -> list[int]:
    async def django(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 0, "headers": []})

    quick = QuickPosts(django)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {"type": "http", "method": "POST", "path": PATH, "headers": pairs}

    async def one(body: bytes) -> int:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await quick(scope, receive, send)
        return int(sent[0]["status"])

    try:
        return list(await asyncio.gather(*(one(body) for body in bodies)))
    finally:
        await quick.close()


def test_plain_observations_of_a_remembered_poster_are_committed_together(world: World) -> None:
    assert posted(world, [reading(world, minute) for minute in range(1, 31)]) == [201] * 30
    assert Observation.objects.filter(datastream=world.streams[0], result=500).count() == 31


def test_whatever_is_not_plain_goes_to_django(world: World) -> None:
    other = {"@iot.id": world.streams[1].pk}
    bodies = [
        reading(world, 0),  # known already
        reading(world, 40, result="hot"),
        reading(world, 41, parameters={"a": 1}),
        reading(world, 42, FeatureOfInterest={"@iot.id": 1}),
        reading(world, 43, Datastream=other),
        reading(world, 44, phenomenonTime="2026-11-03T08:44:00"),
        [reading(world, 45)],
    ]
    assert posted(world, bodies) == [0] * len(bodies)


def test_a_poster_is_forgotten_after_three_seconds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.sensing.sensorthings.posters.REMEMBER_SECONDS", 0.0)
    assert posted(world, [reading(world, 50)]) == [0]
    monkeypatch.undo()
    monkeypatch.setattr(POSTERS, "_known", {})
    assert posted(world, [reading(world, 51)]) == [0]
