"""The short way in front of Django: the same answers, and no longer than rights may lag."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.db import connection

from apps.accounts.models import RoleGrant, User
from apps.accounts.services.keys import api_key_create
from apps.audit.models import AccessEntry
from apps.audit.services import reading, waiting
from apps.core.middleware import ANSWERS
from apps.maps.doors import readers, short
from apps.maps.doors.readers import READERS
from cityplatform.asgi import application
from tests.maps.builders import request_at, road
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
TILE = "/tiles/city.roads/14/13564/7043.mvt"


@pytest.fixture(autouse=True)
def nobody_is_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The memory of one test must not serve the next, nor may the threads of a request keep a connection."""
    READERS.forget()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    yield
    READERS.forget()


@pytest.fixture
def reader() -> User:
    return person("bo", roles=["city-viewer"])


def bearer(user: User, *scopes: str) -> dict[str, str]:
    _key, text = api_key_create(user, name="third party", domain="city", scopes=scopes or ("read",))
    return {"Authorization": f"Bearer {text}"}


def gets(*paths: str, headers: dict[str, str]) -> list[httpx.Response]:
    """The answers of the web process's ASGI application, one after the other."""

    async def walk() -> list[httpx.Response]:
        transport: Any = httpx.ASGITransport(application)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=headers
        ) as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(walk())


def test_the_second_answer_comes_the_short_way_and_is_the_same(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    road()
    taken: list[int] = []
    monkeypatch.setattr(short, "_observe", lambda *_facts: taken.append(1))
    first, second = gets(TILE, TILE, headers=bearer(reader))
    assert (first.status_code, second.status_code, taken) == (200, 200, [1])
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


def test_another_header_is_another_reader(reader: User) -> None:
    road()
    headers = bearer(reader)
    gets(TILE, headers=headers)
    (stranger,) = gets(TILE, headers={})
    (other,) = gets(TILE, headers=headers | {"Authorization": headers["Authorization"] + "x"})
    assert (stranger.status_code, other.status_code) == (401, 401)


def test_another_purpose_is_another_reader(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    road()
    taken: list[int] = []
    monkeypatch.setattr(short, "_observe", lambda *_facts: taken.append(1))
    headers = bearer(reader)
    gets(TILE, headers=headers)
    gets(TILE, headers=headers | {"X-Purpose": "planning"})
    assert taken == []
    gets(TILE, headers=headers | {"X-Purpose": "planning"})
    assert taken == [1]


def test_what_shows_people_leaves_only_when_its_entry_is_written(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_at(118.05, 24.45)
    headers, path = bearer(reader), "/ogc/collections/city.requests/items"
    monkeypatch.setattr(waiting.WAITING, "_start", lambda: None)  # nobody writes what waits
    assert [answer.status_code for answer in gets(path, path, headers=headers)] == [200, 200]
    assert AccessEntry.objects.filter(object_type="city.ServiceRequest").count() == 2
    monkeypatch.setattr(reading, "INSERT_QUICK", "INSERT INTO audit_nowhere SELECT %s" + ", %s" * 13)
    (refused,) = gets(path, headers=headers)
    assert refused.status_code == 503
    assert refused.json()["detail"].startswith("The access log cannot be written")
    assert b"T-1" not in refused.content


def test_the_short_way_refuses_what_the_long_one_refuses(reader: User) -> None:
    road()
    headers, items = bearer(reader), "/ogc/collections/city.roads/items"
    assert gets(items, headers=headers)[0].status_code == 200
    for query in ("name=%00", "name=%FF", "lanes=99999", "lanes=-1", "limit=%C2%B2", "name=" + "9" * 5000):
        long, short_one = gets(f"{items}?{query}", f"{items}?{query}", headers=headers)
        assert (long.status_code, long.json().get("errors")) == (
            short_one.status_code,
            short_one.json().get("errors"),
        )
        assert long.status_code in {200, 400}
    scope = {"query_string": b"name=\xff", "path": items, "type": "http"}
    assert short._in_ascii(scope)["query_string"] == b"name=%FF"  # type: ignore[arg-type, typeddict-item]


def test_while_too_many_entries_wait_nothing_leaves(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    road()
    headers = bearer(reader)
    gets(TILE, headers=headers)
    monkeypatch.setattr(waiting.WAITING, "_most", 0)
    (refused,) = gets(TILE, headers=headers)
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")


def test_rights_that_end_are_noticed_when_the_memory_ends(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    road()
    headers = bearer(reader)
    assert gets(TILE, headers=headers)[0].status_code == 200
    RoleGrant.objects.all().delete()
    monkeypatch.setattr(readers, "REMEMBER_SECONDS", 0.0)
    assert gets(TILE, headers=headers)[0].status_code == 404
    assert readers.REMEMBER_SECONDS < 5


def test_the_short_way_counts_its_answers_and_refuses_like_the_long_one(reader: User) -> None:
    road()
    headers = bearer(reader)
    long, refused = gets("/tiles/city.none/1/0/0.mvt", "/tiles/city.none/1/0/0.mvt", headers=headers)
    assert long.json() == refused.json()
    assert refused.headers["content-type"] == "application/problem+json"
    counted = {
        label["status"] for metric in ANSWERS.collect() for label in (s.labels for s in metric.samples)
    }
    assert "404" in counted


def test_a_key_without_the_scope_reads_nothing(reader: User) -> None:
    road()
    (answer,) = gets(TILE, headers=bearer(reader, "ingest"))
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'


def test_the_key_may_be_the_password_of_basic_credentials(reader: User) -> None:
    road()
    text = bearer(reader)["Authorization"].removeprefix("Bearer ")
    basic = httpx.BasicAuth("qgis", text)._auth_header
    answers = gets(TILE, TILE, "/api/v1/maps/layers/", headers={"Authorization": basic})
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    wrong = gets("/api/v1/maps/layers/", headers={"Authorization": "Basic " + "?" * 9})
    assert wrong[0].status_code == 401


def test_a_remembered_reader_gets_304_for_what_he_has(reader: User) -> None:
    road()
    headers = bearer(reader)
    tag = gets(TILE, headers=headers)[0].headers["etag"]
    (again,) = gets(TILE, headers=headers | {"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
