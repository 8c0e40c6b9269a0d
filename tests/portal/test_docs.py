"""The API document: grouped by task, one language at a time, examples that its own schema accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from apps.portal.openapi import EXAMPLES, METHODS, SUMMARIES, TASKS
from tests.people import person
from tests.portal.builders import logged_in

HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("en", "zh-hans")


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                yield item[method]["operationId"], item[method]


def texts(node: Any) -> Iterator[str]:
    """Every text that the page shows: summaries, descriptions, titles, names of tags."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"summary", "description", "title"} and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operation_says_in_a_line_what_it_does_and_stands_under_its_task(
    documents: Any, language: str
) -> None:
    with translation.override(language):
        tasks = [str(title) for title, _starts in TASKS]
    shown = dict(operations(documents[language]))
    assert len(shown) > 280
    assert not [name for name, one in shown.items() if not one.get("summary")]
    assert {tag for one in shown.values() for tag in one["tags"]} == set(tasks)
    assert [tag["name"] for tag in documents[language]["tags"]] == tasks
    lines = [(one["tags"][0], one["summary"]) for one in shown.values()]
    assert sorted(lines) == sorted(set(lines))


def test_no_line_is_kept_for_an_operation_that_is_gone(documents: Any) -> None:
    names = {name for name, _one in operations(documents["en"])}
    assert not {*SUMMARIES, *EXAMPLES} - names


def test_the_document_speaks_one_language(documents: Any) -> None:
    assert not [text for text in texts(documents["en"]) if HAN.search(text)]
    chinese = documents["zh-hans"]
    assert not [one["summary"] for _name, one in operations(chinese) if not HAN.search(one["summary"])]
    sentences = [text for text in texts(chinese["paths"]) if re.search(r"[a-z] [a-z]+ [a-z]", text)]
    assert not sentences


def test_the_examples_are_what_the_schema_accepts(documents: Any) -> None:
    document = documents["en"]
    for name, operation in operations(document):
        if name in EXAMPLES:
            content = operation["requestBody"]["content"]["application/json"]
            whole = {**content["schema"], "components": document["components"]}
            assert not list(Draft202012Validator(whole).iter_errors(content["example"])), name


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_login_and_back() -> None:
    answer = Client().get("/api/docs/")
    assert (answer.status_code, answer["Location"]) == (302, "/portal/login/?next=/api/docs/")
    assert Client().get("/api/schema/").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Log in"), ("zh-hans", "登录")])
def test_the_first_steps_are_open_to_everybody_and_hold_no_data(language: str, words: str) -> None:
    page = Client().get("/api/start/", headers={"Accept-Language": language}).content.decode()
    assert words in page
    assert "/v1/observations" in page
    known = logged_in(person("bo", roles=["city-viewer"])).get("/api/start/").content.decode()
    assert 'href="/api/docs/"' in known
