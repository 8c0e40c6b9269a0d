"""A fault of ours is told with the number under which the log keeps it, wherever it happened."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.test import Client

from apps.core import middleware
from apps.core.faults import ToldFaults

pytestmark = pytest.mark.django_db
NUMBER = "abcdef-1234567890"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Client:
    """A caller of a service whose pages and API fail."""

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.core.unreadable._form_watch", fails)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["/api/start/", "/api/v1/accounts/me/", "/portal/login/", "/oauth/token/"])
@pytest.mark.parametrize("given", [NUMBER, ""])
def test_the_sentence_holds_the_number_of_the_header(
    broken: Client, path: str, language: str, given: str
) -> None:
    headers = {"Accept-Language": language, "X-Request-ID": given}
    answer = broken.get(path, headers={name: value for name, value in headers.items() if value})
    number = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert number
    assert number == given or not given
    assert number in answer.content.decode()


def asked(application: Any, **headers: str) -> list[Any]:
    """The messages that an application answers with."""
    sent: list[Any] = []
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": "/v1/observations", "headers": pairs}

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    asyncio.run(ToldFaults(application)(scope, receive, send))
    return sent


@pytest.mark.parametrize(("language", "word"), [("en", "administrator"), ("zh-hans", "管理员")])
def test_a_fault_outside_of_django_is_told_in_the_same_way(language: str, word: str) -> None:
    async def fails(_scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError

    began, body = asked(fails, accept_language=language, x_request_id=NUMBER)
    assert began["status"] == 500
    assert (b"x-request-id", NUMBER.encode()) in began["headers"]
    told = json.loads(body["body"])["detail"]
    assert NUMBER in told
    assert word in told


def test_an_answer_that_has_begun_is_left_to_the_server() -> None:
    async def fails(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asked(fails)


def test_the_number_of_a_caller_is_taken_only_where_it_is_one() -> None:
    assert middleware.number_accepted(NUMBER) == NUMBER
    assert middleware.number_accepted("a b") != "a b"
