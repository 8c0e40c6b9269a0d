"""Two worlds that differ only in values that the attacker does not see clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import models
from django.http import HttpResponse
from django.test import Client

from apps.accounts.data import Viewer, acting_as
from apps.privacy.data import Decision, Outcome
from apps.privacy.services import masked, visible_fields

SYSTEM = Viewer(system="hostile tests")
MOVING = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|nonce-[^\']*|'
    rb'"timeStamp": ?"[^"]*"|[0-9a-f]{32,36}(?![0-9a-f])'
)
HEADERS = ("ETag", "Last-Modified", "Location", "Content-Type", "Vary", "Link")
LETTERS = "甲乙丙丁戊己庚辛壬癸"


def secrets(viewer: Viewer, model: type[models.Model]) -> dict[str, Decision]:
    """The fields of ``model`` that the viewer does not see clear and that a test can change."""
    decisions = visible_fields(viewer, model)
    fields = {field.name: field for field in model._meta.concrete_fields}
    return {
        name: decision
        for name, decision in decisions.items()
        if not decision.is_clear and _is_changeable(fields[name])
    }


def _is_changeable(field: Any) -> bool:
    is_made = field.primary_key or field.remote_field or isinstance(field, models.GeneratedField)
    kinds = models.CharField | models.TextField | models.DateField | models.BooleanField | models.FloatField
    is_known = isinstance(field, kinds) or hasattr(field, "geom_type")
    return is_known and not is_made and not field.choices and field.editable and field.name != "division"


def twin(value: Any, decision: Decision) -> Any:
    """Another value that looks the same through the mask; the value itself where none is found."""
    for candidate in _candidates(value):
        hidden = decision.outcome is not Outcome.MASKED
        if candidate != value and (hidden or masked(candidate, decision) == masked(value, decision)):
            return candidate
    return value


def _candidates(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, float):
        yield value + 1
    elif isinstance(value, datetime):
        yield value + timedelta(minutes=7)
    elif isinstance(value, date):
        yield from (value + timedelta(days=step) for step in (1, 7, 30, -30))
    elif isinstance(value, GEOSGeometry):
        yield Point(value.x + 0.001, value.y + 0.001, srid=value.srid) if isinstance(value, Point) else value
    elif isinstance(value, str) and value:
        yield from _texts(value)


def _texts(value: str) -> Iterator[str]:
    """The value with one character after another replaced, from the middle and from the end."""
    order = [*range(len(value) // 2, len(value)), *range(1, len(value) // 2)]
    for place in order:
        for letter in ("7", "3", "甲", "b"):
            yield value[:place] + letter + value[place + 1 :]


def change(rows: list[tuple[models.Model, dict[str, Any]]]) -> None:
    """Make it the other world."""
    with acting_as(SYSTEM):
        for row, values in rows:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()


def answer(client: Client, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body without what moves by itself, and the headers that an attacker reads."""
    got = client.get(path, headers=headers)
    body = b"".join(got.streaming_content) if got.streaming else got.content  # type: ignore[attr-defined,arg-type]
    return got.status_code, MOVING.sub(b"", body), _headers(got)


def _headers(got: HttpResponse) -> dict[str, str]:
    return {name: got[name] for name in HEADERS if name in got}
