"""Every door that takes JSON, bent in every way: refused as problem+json, never a 500, never half written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from apps.core.domains import all_domains
from apps.core.grades import Grade
from apps.subjects.models import SubjectRequest
from tests.exits.routes import address, patterns
from tests.people import CAPABILITIES, person
from tests.portal.builders import logged_in
from tests.subjects import builders

pytestmark = pytest.mark.django_db
DEEP = 20_000  # far beyond what a parser that calls itself can follow
BODIES = {
    "deep list": "[" * DEEP + "]" * DEEP,
    "a little deep": '{"a":' * 80 + "1" + "}" * 80,
    "deep object": '{"a":' * DEEP + "1" + "}" * DEEP,
    "never closed": "[" * DEEP,
    "no object": "[]",
    "a word": '"x"',
    "nothing": "null",
    "a number": "1e999",
    "not a number": "NaN",
    "a long number": "9" * 5000,
    "an empty body": "",
    "half": '{"name":',
    "lone surrogate": json.dumps({"name": "\ud800", "title": "\ud800", "reason": "\ud800", "kind": "find"}),
    "null sign": json.dumps({"name": "a\x00b", "title": "a\x00b", "reason": "a\x00b", "domain": "\x00"}),
    "prototype": json.dumps({"__proto__": {"admin": True}, "constructor": 1, "kind": {"$ne": ""}}),
    "wrong types": json.dumps({"name": {}, "title": [], "domain": 5, "kind": True, "id": "x", "state": None}),
    "huge numbers": json.dumps(
        {"id": 10**30, "datastream": 10**30, "keep_months": -(10**30), "chosen": [10**30]}
    ),
}
RAW = {"bad utf-8": b'{"name": "\xff\xfe"}', "utf-16": '{"name": "x"}'.encode("utf-16")}
WRITING = {"post", "put", "patch"}
ROUTE = re.compile(r"^api/v1/")


def doors() -> Iterator[tuple[str, str]]:
    """``(method, address)`` of every operation of the API that takes a body."""
    common = {"pk": "1", "format": ".json", "other": "1", "layer": "city.roads", "stream": "1"}
    for route, pattern in patterns():
        if not ROUTE.match(route) or "format" in route:
            continue
        actions = getattr(pattern.callback, "actions", None)
        cls = getattr(pattern.callback, "cls", None)
        methods = set(actions) if actions else {name for name in WRITING if hasattr(cls, name)}
        arguments = {
            **common,
            **{name: "1" for name in re.findall(r"<(?:\w+:)?(\w+)>", route) if name not in common},
        }
        for method in sorted(methods & WRITING):
            yield method, address(route, arguments)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who may do everything, so that nothing is refused before the body is read."""
    monkeypatch.setattr(UserRateThrottle, "get_rate", lambda _throttle: None)
    roles = [f"{domain.slug}-{kind}" for domain in all_domains() for kind in CAPABILITIES]
    opened = Client(raise_request_exception=False)
    opened.force_login(
        person("everything", roles=roles, clearance=Grade.L4),
        backend="apps.accounts.backends.SealedBackend",
    )
    return opened


def sent(client: Client, method: str, url: str, body: str | bytes) -> Any:
    return client.generic(method.upper(), url, body, content_type="application/json")


def test_no_door_breaks_on_a_bent_body(client: Client) -> None:
    found = list(doors())
    assert len(found) > 15
    faults = []
    for method, url in found:
        for name, body in {**BODIES, **RAW}.items():
            answer = sent(client, method, url, body)
            if answer.status_code >= 500:
                faults.append(f"{answer.status_code} {method} {url}: {name}")
            elif answer.status_code >= 400 and "json" not in answer["Content-Type"]:
                faults.append(f"{answer['Content-Type']} {method} {url}: {name}")
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults[:60])


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
    big = json.dumps({"name": "x" * 300_000, "kind": "find"})
    for method, url in doors():
        answer = sent(client, method, url, big)
        assert answer.status_code < 500, (method, url, answer.status_code)
    officer = logged_in(builders.officer())
    answer = sent(officer, "post", "/api/v1/subjects/requests/", big)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert not SubjectRequest.objects.exists()
