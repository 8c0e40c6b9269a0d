"""A document as JSON for programs or as a plain page for people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.maps.answers.ogc.links import HTML, JSON
from apps.maps.data import Answer, Asked

FORMATS = ("json", "html")


def parameters_check(asked: Asked, known: Collection[str] = ()) -> None:
    """400 for a parameter that this page does not have, as the standard wants it."""
    for name in asked.query:
        if name != "f" and name not in known:
            raise ProblemError(_("There is no such parameter; see /ogc/api for those that exist."), name)
    if asked.query.get("f", "json") not in FORMATS:
        raise ProblemError(_("Choose one of json, html."), "f")


def wants_html(asked: Asked) -> bool:
    """Whether a person is reading: ``f=html``, or a browser's Accept header."""
    given = asked.query.get("f")
    return given == "html" or (given is None and "text/html" in asked.accept and "json" not in asked.accept)


def document(asked: Asked, body: dict[str, Any], *, kind: str = JSON) -> Answer:
    """The document in the wanted form."""
    if wants_html(asked):
        return page(asked, orjson.dumps(body, option=orjson.OPT_INDENT_2))
    return Answer(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS), kind)


def page(asked: Asked, body: bytes) -> Answer:
    """JSON as a page: its links can be followed, its features stand in a table."""
    found = orjson.loads(body)
    features = found.get("features") or []
    columns = list(features[0]["properties"]) if features else []
    rows = [[row["id"], *(row["properties"].get(name) for name in columns)] for row in features]
    text = orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
    context = {
        "title": found.get("title") or asked.path,
        "links": links_of(found),
        "columns": columns,
        "rows": rows,
        "text": "" if features else text,
    }
    return Answer(render_to_string("maps/ogc.html", context).encode(), HTML)


def links_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The links of a document and of the collections in it."""
    inner = [link for item in found.get("collections", []) for link in item.get("links", [])]
    return [*found.get("links", []), *inner]
