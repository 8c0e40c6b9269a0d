"""Pages by the key of the last row: as fast at the millionth row as at the first, whatever the order."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.ingest.partitions import micros
from apps.sensing.sensorthings.compiler import Compiler, Key
from apps.sensing.sensorthings.entities import Kind
from apps.sensing.sensorthings.moments import moment_of
from apps.sensing.sensorthings.rewriting import field_of
from apps.sensing.sensorthings.syntax import Options
from apps.sensing.sensorthings.typed import constant

DEFAULT, MOST = 100, 1000
LONGEST_TOKEN = 4000
TIES: dict[str, Kind] = {"id": "number", "datastream_id": "number", "phenomenon_time": "time"}
Values = list[Any]


def page_size(options: Options) -> int:
    """How many rows a page has: what was asked for, within our limit."""
    return DEFAULT if options.top is None else min(options.top, MOST)


def keys_of(compiler: Compiler, options: Options, *, fixed: frozenset[str] = frozenset()) -> list[Key]:
    """The wished order, made unique by the entity's own key; ``fixed`` fields are equal in all rows."""
    keys = [compiler.key(order.expression, descending=order.descending) for order in options.order]
    known = {field_of(key.expression) for key in keys} | fixed
    descending = keys[-1].descending if keys else False
    ties = [name for name in compiler.entity.order if name not in known]
    return keys + [Key(F(name), TIES[name], descending, is_nullable=False) for name in ties]


def ordered(rows: QuerySet[Any], keys: Sequence[Key]) -> QuerySet[Any]:
    """The rows in the order of the keys; empty values last, or first when descending, as PostgreSQL does."""
    return rows.order_by(*(OrderBy(key.expression, descending=key.descending) for key in keys))


def after(keys: Sequence[Key], values: Values) -> Q:
    """The condition for rows behind the one with these values.

    Written so that an index on the keys is entered at the right place, not read from its beginning.
    """
    directions = {key.descending for key in keys}
    if len(directions) == 1 and not any(key.is_nullable for key in keys):
        compare = LessThan if keys[0].descending else GreaterThan
        return Q(compare(_row([key.expression for key in keys]), _row([_value(item) for item in values])))
    found, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        found |= equal & _beyond(key, value)
        equal &= _same(key, value)
    return found & _not_before(keys[0], values[0])


def _row(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else Func(*items, function="ROW", output_field=BooleanField())


def _value(item: Any) -> Any:
    return constant(item).expression


def _beyond(key: Key, value: Any) -> Q:
    if value is None:
        return Q(IsNull(key.expression, rhs=False)) if key.descending else Q(pk__in=[])
    if key.descending:
        return Q(LessThan(key.expression, _value(value)))
    beyond = Q(GreaterThan(key.expression, _value(value)))
    return beyond | Q(IsNull(key.expression, rhs=True)) if key.is_nullable else beyond


def _same(key: Key, value: Any) -> Q:
    return Q(IsNull(key.expression, rhs=True) if value is None else Exact(key.expression, _value(value)))


def _not_before(key: Key, value: Any) -> Q:
    if key.is_nullable or value is None:
        return Q()
    compare = LessThanOrEqual if key.descending else GreaterThanOrEqual
    return Q(compare(key.expression, _value(value)))


def token_make(values: Values) -> str:
    """The values of the last row as text for an address."""
    plain = [micros(value) if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def token_read(text: str, keys: Sequence[Key]) -> Values:
    """The values that a token holds; ProblemError where it was not made for this order."""
    try:
        plain = json.loads(urlsafe_b64decode(text[:LONGEST_TOKEN] + "=" * (-len(text) % 4)))
        return [_plain_read(value, key) for value, key in zip(plain, keys, strict=True)]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        detail = _("This link belongs to another question; begin again without $skiptoken.")
        raise ProblemError(detail, "$skiptoken") from error


def _plain_read(value: Any, key: Key) -> Any:
    if value is None and key.is_nullable:
        return None
    if not CHECKS[key.kind](value):
        raise ValueError(value)
    return moment_of(value) if key.kind == "time" else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("1e300")


CHECKS: dict[Kind, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str) and "\0" not in value and bool(value.encode() or True),
    "number": lambda value: _is_number(value) and not (isinstance(value, int) and abs(value) >= 2**63),
    "time": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
}


def last_values(row: Any, keys: Sequence[Key]) -> Values | None:
    """The values of the keys in a row that was read; None where one of them is no field of it."""
    names = [field_of(key.expression) for key in keys]
    return [getattr(row, name) for name in names] if all(hasattr(row, name) for name in names) else None
