"""Synthetic twins: invented rows for contractors (Data Security Law, Art. 40), made from the fields alone.

Nothing here reads the database: a row is drawn from kinds, choices and masks of its model's fields, seeded by
model, field and number, so that no real value can be in it and a repeated question gets the same answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.data import Viewer
from apps.core.domains import all_domains
from apps.core.encryption import given_fields
from apps.core.grades import Mask
from apps.privacy.policy.grades import all_grades
from apps.privacy.services.kernel import can_see

ROWS = 50
DAY = datetime(2025, 1, 6, tzinfo=UTC)
SURNAMES, NAMES = "赵钱孙李周吴郑王", "一二三四五六七八九十"
SHAPES = {
    "POINT": "POINT({x} {y})",
    "LINESTRING": "LINESTRING({x} {y}, {x2} {y2})",
    "POLYGON": "POLYGON(({x} {y}, {x2} {y}, {x2} {y2}, {x} {y2}, {x} {y}))",
    "MULTIPOLYGON": "MULTIPOLYGON((({x} {y}, {x2} {y}, {x2} {y2}, {x} {y2}, {x} {y})))",
}


class Draw:
    """Numbers that follow from their seed alone (SHA-256), the same on every machine."""

    def __init__(self, seed: str) -> None:
        self._seed, self._drawn = seed, 0

    def below(self, limit: int, *, start: int = 0) -> int:
        """A whole number from ``start`` to ``limit - 1``."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return start + int.from_bytes(digest[:8]) % (limit - start)

    def share(self) -> float:
        """A number from 0 to 1."""
        return self.below(10**6) / 10**6

    def of(self, things: Sequence[Any]) -> Any:
        """One of the things."""
        return things[self.below(len(things))]


def sees_synthetic(viewer: Viewer, model: Any) -> bool:
    """Whether the viewer is a contractor who may know of such objects and was not given the real ones."""
    label, domain = model._meta.label, model._meta.app_label
    return viewer.vendor and domain in viewer.domains and not can_see(viewer, label)


def synthetic_models(viewer: Viewer) -> list[Any]:
    """The models of the contractor's domains."""
    slugs = [domain.slug for domain in all_domains() if domain.slug in viewer.domains]
    return [model for slug in slugs for model in apps.get_app_config(slug).get_models()]


def synthetic_rows(model: Any, *, count: int = ROWS) -> list[Any]:
    """``count`` invented rows of ``model``, numbered from 1; never saved."""
    return [synthetic_row(model, number) for number in range(1, count + 1)]


def synthetic_row(model: Any, number: int) -> Any:
    """The invented row with this number."""
    row = model()
    row.is_synthetic = True
    for field in given_fields(model):
        setattr(row, field.attname, _value(field, number))
    return row


def _value(field: Any, number: int) -> Any:
    if (
        field.primary_key
        and not field.remote_field
        and isinstance(field, models.IntegerField | models.AutoField)
    ):
        return number
    if field.remote_field:
        return number
    draw = Draw(f"{field.model._meta.label}.{field.name}#{number}")
    if field.choices:
        return draw.of([value for value, _title in field.flatchoices])
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, draw, number)
    maker = next((maker for kind, maker in MAKERS if isinstance(field, kind)), None)
    return maker(field, draw) if maker else None


def _text(field: Any, draw: Draw, number: int) -> str:
    grade = all_grades().get(f"{field.model._meta.label}.{field.name}")
    mask = grade.mask if grade else Mask.NONE
    texts = {
        Mask.NAME: f"{draw.of(SURNAMES)}{draw.of(NAMES)}（虚拟）",
        Mask.PHONE: f"1990000{draw.below(10_000):04d}",
        Mask.IDENTITY: f"000000{draw.below(2020, start=1950)}0000{draw.below(10_000):04d}",
        Mask.ADDRESS: f"虚拟路{draw.below(500, start=1)}号",
        Mask.TEXT: f"虚拟内容 {number}",
    }
    text = texts.get(mask, f"SYN-{field.name}-{number}")
    if field.name == "division":
        text = f"99000{draw.below(7, start=1)}"  # GB/T 2260 has no such province
    return text[: field.max_length] if field.max_length else text


def _shape(field: Any, draw: Draw) -> GEOSGeometry:
    x, y = round(118 + draw.share() / 5, 5), round(24.4 + draw.share() / 5, 5)
    text = SHAPES.get(field.geom_type, SHAPES["POINT"]).format(x=x, y=y, x2=x + 0.002, y2=y + 0.002)
    return GEOSGeometry(text, srid=4326)


# The first kind that fits makes the value: subclasses stand before their bases.
MAKERS: tuple[tuple[Any, Callable[[Any, Draw], Any]], ...] = (
    (GeometryField, _shape),
    (models.BooleanField, lambda _field, draw: draw.below(2) == 1),
    (models.FloatField, lambda _field, draw: draw.below(10_000) / 100),
    (models.DecimalField, lambda _field, draw: draw.below(100)),
    (models.IntegerField, lambda _field, draw: draw.below(100, start=1)),
    (models.DateTimeField, lambda _field, draw: DAY + timedelta(minutes=draw.below(60 * 24 * 90))),
    (models.DateField, lambda _field, draw: date(1950, 1, 1) + timedelta(days=draw.below(26_000))),
    (models.TimeField, lambda _field, draw: time(draw.below(24), draw.below(60))),
    (models.DurationField, lambda _field, draw: timedelta(minutes=draw.below(600, start=1))),
    (models.UUIDField, lambda _field, draw: UUID(int=draw.below(2**62))),
    (models.JSONField, lambda _field, _draw: {}),
    (ArrayField, lambda _field, _draw: []),
)
