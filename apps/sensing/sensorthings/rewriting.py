"""Walks over expressions: the paths in them, paths made shorter, fields put behind a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import F

from apps.sensing.sensorthings.syntax import Call, Compare, Expression, Join, Not, Path, Reckon


def paths_of(expression: Expression) -> Iterator[Path]:
    """Every path of an expression."""
    match expression:
        case Path():
            yield expression
        case Call(_name, arguments):
            for item in arguments:
                yield from paths_of(item)
        case Join(_operator, operands):
            for item in operands:
                yield from paths_of(item)
        case Not(operand):
            yield from paths_of(operand)
        case Compare(_operator, left, right) | Reckon(_operator, left, right):
            yield from paths_of(left)
            yield from paths_of(right)


def cut(expression: Expression, count: int) -> Expression:
    """The same expression with ``count`` parts less at the beginning of each path."""
    match expression:
        case Path(parts):
            return Path(parts[count:])
        case Call(name, arguments):
            return Call(name, tuple(cut(item, count) for item in arguments))
        case Join(operator, operands):
            return Join(operator, tuple(cut(item, count) for item in operands))
        case Not(operand):
            return Not(cut(operand, count))
        case Compare(operator, left, right) | Reckon(operator, left, right):
            return replace(expression, left=cut(left, count), right=cut(right, count))
    return expression


def field_of(expression: Any) -> str:
    """The field that a plain reference names; "" for anything else."""
    return str(vars(expression)["name"]) if isinstance(expression, F) else ""


def rooted(expression: Any, prefix: str) -> Any:
    """The same database expression, with every field behind the link ``prefix``."""
    if not prefix:
        return expression
    if isinstance(expression, F):
        return F(f"{prefix}__{field_of(expression)}")
    copied = expression.copy()
    copied.set_source_expressions([rooted(item, prefix) for item in expression.get_source_expressions()])
    return copied
