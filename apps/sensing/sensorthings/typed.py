"""Expressions of the database with the kind of their value, and how one kind becomes another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateTimeField,
    DurationField,
    Field,
    FloatField,
    Func,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from apps.sensing.sensorthings.entities import Kind
from apps.sensing.sensorthings.expressions import moment_read, number_read
from apps.sensing.sensorthings.functions import SAFE, Template
from apps.sensing.sensorthings.syntax import Constant

FIELDS: dict[type, tuple[Kind, type[Field[Any, Any]]]] = {
    bool: ("boolean", BooleanField),
    int: ("number", BigIntegerField),
    float: ("number", FloatField),
    str: ("text", TextField),
    datetime: ("time", DateTimeField),
    timedelta: ("duration", DurationField),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression, its kind, and the constant where it is one; ``keys`` lead into a JSON value."""

    expression: Any
    kind: Kind
    constant: Constant = None
    is_constant: bool = False
    keys: tuple[str, ...] = ()

    @property
    def is_null(self) -> bool:
        """Whether this is the word null."""
        return self.is_constant and self.constant is None

    def as_kind(self, kind: Kind) -> Any | None:
        """The expression as a value of ``kind``; None where it cannot be one."""
        if self.kind == kind and not self.keys:
            return self.expression
        if self.kind == "json" and self.keys:
            return _json_as(kind, self.expression, self.keys)
        if self.kind == "text" and isinstance(self.constant, str):
            return _text_as(kind, self.constant)
        return None


def constant(value: Constant) -> Typed:
    """A constant as an expression."""
    if isinstance(value, GEOSGeometry):
        shape = Func(
            Value(value.hexewkb.decode()),
            template="%(expressions)s::geometry",
            output_field=GeometryField(srid=4326),
        )
        return Typed(shape, "geometry", value, is_constant=True)
    if value is None:
        return Typed(Value(None), "text", None, is_constant=True)
    kind, field = FIELDS[type(value)]
    return Typed(Value(value, output_field=field()), kind, value, is_constant=True)


TRUE, FALSE = (constant(truth).expression for truth in (True, False))


def _text_as(kind: Kind, text: str) -> Value | None:
    """Quoted times and quoted ids, as some clients send them."""
    try:
        if kind == "time":
            return Value(moment_read(text), output_field=DateTimeField())
        if kind == "number" and text.isascii() and text.isdecimal():
            return Value(number_read(text), output_field=FloatField())
    except ValueError:
        pass
    return None


def _json_as(kind: Kind, root: Any, keys: tuple[str, ...]) -> Any | None:
    """What stands at ``keys`` as text, number or boolean; anything else there is as good as nothing."""
    value, text = KeyTransform(keys[0], root), KeyTextTransform(keys[0], root)
    for key in keys[1:]:
        value, text = KeyTransform(key, value), KeyTextTransform(key, value)
    if kind == "text":
        return text
    wanted: dict[str, tuple[str, Field[Any, Any]]] = {
        "number": ("number", FloatField()),
        "boolean": ("boolean", BooleanField()),
    }
    if kind not in wanted:
        return None
    name, field = wanted[kind]
    is_wanted = Exact(Func(value, function="jsonb_typeof", output_field=TextField()), Value(name))
    safe = Template(text, template=SAFE % "{0}::numeric", output_field=FloatField())
    found = safe if kind == "number" else Cast(text, field)
    return Case(When(is_wanted, then=found), default=None, output_field=field)
