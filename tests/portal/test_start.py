"""The first steps say all that the gateway and the live feed can answer."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from apps import live
from apps.live.data import SENT
from apps.sensing import gateway, ingest
from apps.sensing.data import Stored
from apps.sensing.gateway.app import stored_body
from apps.sensing.ingest.codes import OF_BODIES, OF_ROWS

CODE_AT = {"RowError": 1, "Fault": 2, "ProblemError": 3}  # where the code stands among the arguments
WITHOUT_A_FIELD = {"busy", "database", "keys", "method"}  # the status says it; the body shows no code
NEVER_ANSWERED = {"conflict"}  # of quarantine only: an answer lists conflicts apart


def calls_in(package: object) -> Iterator[ast.Call]:
    """Every call in the modules of a package."""
    for path in Path(str(getattr(package, "__file__", ""))).parent.rglob("*.py"):
        yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def codes_given() -> set[str]:
    """The codes that stand in the code of the gateway and of what reads its bodies."""
    found = set()
    for call in (*calls_in(gateway), *calls_in(ingest)):
        name = getattr(call.func, "id", "")
        named = [word.value for word in call.keywords if word.arg == "code"]
        place = CODE_AT.get(name)
        given = named or ([call.args[place]] if place is not None and len(call.args) > place else [])
        found |= {node.value for node in given if isinstance(node, ast.Constant)}
    return {str(code) for code in found}


@pytest.fixture
def page(db: None) -> str:
    return Client().get("/api/start/", headers={"Accept-Language": "en"}).content.decode()


def test_every_code_that_the_gateway_gives_is_declared() -> None:
    given = codes_given()
    assert len(given) > 12
    assert given - WITHOUT_A_FIELD - NEVER_ANSWERED <= {*OF_ROWS, *OF_BODIES}


def test_every_code_member_and_status_of_the_gateway_stands_on_the_page(page: str) -> None:
    members = json.loads(stored_body(Stored(0, 0)))
    assert not [name for name in (*OF_ROWS, *OF_BODIES, *members) if f"<code>{name}</code>" not in page]
    statuses = (201, 400, 401, 403, 404, 405, 413, 415, 429, 500, 503)
    assert not [status for status in statuses if f"<code>{status}</code>" not in page]


def test_every_message_that_the_live_feed_sends_stands_on_the_page(page: str) -> None:
    sent = set()
    for path in Path(str(live.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                sent |= {
                    value.value
                    for name, value in pairs
                    if isinstance(name, ast.Constant)
                    and name.value == "type"
                    and isinstance(value, ast.Constant)
                }
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_message":
                sent |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    assert sent == set(SENT)
    assert not [name for name in sent if f"<code>{name}</code>" not in page]


def test_the_example_of_a_reading_takes_the_time_of_now(page: str) -> None:
    example = next(part for part in page.split("<pre") if "-X POST" in part)
    assert "$(date" in example
    assert "T08:00" not in example


def test_the_page_says_whose_language_an_error_has_and_who_publishes_an_entry(page: str) -> None:
    assert "in a session, in the language that the person has chosen" in page
    assert "invalid_scope" in page
    assert 'href="/portal/catalogue/"' in page
