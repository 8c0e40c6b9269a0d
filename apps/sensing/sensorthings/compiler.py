"""From syntax to queries: filters and orders, under the rights of one viewer.

A path over a link that leads to rows with rights of their own, or to several rows, becomes EXISTS over the
rows that the viewer may see: a comparison holds when it holds for one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, TextField, When
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
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.entities import Entity, Kind, Property
from apps.sensing.sensorthings.functions import FUNCTIONS, OUTPUTS, SAFE, Template, function_named
from apps.sensing.sensorthings.rewriting import cut, paths_of, rooted
from apps.sensing.sensorthings.sight import Sight, unknown
from apps.sensing.sensorthings.syntax import Call, Compare, Expression, Join, Literal, Not, Path, Reckon
from apps.sensing.sensorthings.typed import FALSE, TRUE, Typed, constant

COMPARISONS: dict[str, Any] = {
    "eq": Exact,
    "gt": GreaterThan,
    "ge": GreaterThanOrEqual,
    "lt": LessThan,
    "le": LessThanOrEqual,
}
SUMS: dict[tuple[str, str, str], tuple[Kind, str]] = {
    ("number", "add", "number"): ("number", SAFE % "{0}::text::numeric + {1}::text::numeric"),
    ("number", "sub", "number"): ("number", SAFE % "{0}::text::numeric - {1}::text::numeric"),
    ("number", "mul", "number"): ("number", SAFE % "{0}::text::numeric * {1}::text::numeric"),
    ("number", "div", "number"): ("number", SAFE % "{0}::text::numeric / nullif({1}::text::numeric, 0)"),
    ("number", "mod", "number"): ("number", SAFE % "mod({0}::text::numeric, nullif({1}::text::numeric, 0))"),
    ("time", "add", "duration"): ("time", "({0} + {1})"),
    ("time", "sub", "duration"): ("time", "({0} - {1})"),
    ("time", "sub", "time"): ("duration", "({0} - {1})"),
    ("duration", "add", "duration"): ("duration", "({0} + {1})"),
    ("duration", "sub", "duration"): ("duration", "({0} - {1})"),
}
IDS = {"id", "@iot.id"}
# What QGIS asks of every server: places here are plain geometries, so there is nothing below "geometry".
GEOMETRY_PARTS: dict[tuple[str, ...], dict[str, Any]] = {
    ("type",): {"template": "substr(ST_GeometryType({0}), 4)", "output_field": TextField()},
    ("geometry", "type"): {
        "template": "nullif(ST_GeometryType({0}), ST_GeometryType({0}))",
        "output_field": TextField(),
    },
}
FARTHEST = 180  # degrees


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order: what to sort by, in which direction, and whether it can be empty."""

    expression: Any
    kind: Kind
    descending: bool
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles what stands in ``option`` for rows of ``entity``."""

    sight: Sight
    entity: Entity
    option: str = "$filter"

    def predicate(self, expression: Expression) -> Q:
        """A condition for ``filter()``; ProblemError names what cannot be asked."""
        if isinstance(expression, Not):
            return ~self.predicate(expression.operand)
        if not isinstance(expression, Join):
            return self._leaf(expression)
        found = Q()
        for operand in expression.operands:
            part = self.predicate(operand)
            found = found & part if expression.operator == "and" else found | part
        return found

    def key(self, expression: Expression, *, descending: bool) -> Key:
        """A key of ``$orderby``."""
        if any(self._guard(path) for path in paths_of(expression)):
            raise self.fault(_("An order cannot follow this link; order by properties of the entity itself."))
        found = self.value(expression)
        kind: Kind = "text" if found.keys else found.kind
        plain = isinstance(expression, Path) and not found.keys
        if found.is_constant or kind not in {"text", "number", "time", "boolean"}:
            raise self.fault(_("One cannot order by this; choose a text, a number or a time."))
        return Key(found.as_kind(kind), kind, descending, not plain or self._is_nullable(expression))

    def value(self, expression: Expression) -> Typed:
        """Any expression with its kind."""
        match expression:
            case Literal(value):
                return constant(value)
            case Path():
                return self._path(expression)
            case Call(name, arguments):
                return self._call(name, arguments)
            case Reckon(operator, left, right):
                return self._sum(operator, left, right)
        holds = Case(When(self.predicate(expression), then=TRUE), default=FALSE)
        return Typed(holds, "boolean")

    def fault(self, detail: str) -> ProblemError:
        """A complaint about the option."""
        return ProblemError(detail, self.option, code="type")

    def _leaf(self, expression: Expression) -> Q:
        guards = {self._guard(path) for path in paths_of(expression)}
        if not guards - {0}:
            return Q(self._boolean(expression))
        prefixes = {path.parts[: self._guard(path)] for path in paths_of(expression)}
        if len(prefixes) > 1:
            raise self.fault(_("One comparison can follow one such link only; join two by 'and'."))
        return self._exists(expression, prefixes.pop())

    def _guard(self, path: Path) -> int:
        """How many parts lead up to and over the first link behind which rights are asked anew; 0 if none."""
        entity = self.entity
        for index, part in enumerate(path.parts):
            link = entity.navigation_by_name.get(part)
            if link is None:
                return 0
            if link.many or not link.implied:
                return index + 1
            entity = BY_NAME[link.target]
        return 0

    def _exists(self, expression: Expression, prefix: tuple[str, ...]) -> Q:
        entity, lookups = self.entity, list[str]()
        for name in prefix[:-1]:
            link = self.sight.navigation(entity, name, option=self.option)
            entity = BY_NAME[link.target]
            lookups.append(link.lookup)
        link = self.sight.navigation(entity, prefix[-1], option=self.option)
        inner = replace(self, entity=BY_NAME[link.target])
        rows = self.sight.rows(inner.entity).filter(
            **{link.back: OuterRef("__".join([*lookups, link.outer]))}
        )
        return Q(Exists(rows.filter(inner.predicate(cut(expression, len(prefix))))))

    def _boolean(self, expression: Expression) -> Any:
        if isinstance(expression, Compare):
            return self._comparison(expression)
        found = self.value(expression).as_kind("boolean")
        if found is None:
            raise self.fault(_("A filter must be true or false, such as: result gt 5."))
        return Exact(found, TRUE)

    def _comparison(self, expression: Compare) -> Any:
        self._distance_check(expression)
        left, right = self.value(expression.left), self.value(expression.right)
        if left.is_null or right.is_null:
            return self._empty(right if left.is_null else left, expression.operator)
        pair = self._pair(left, right)
        if expression.operator == "ne":
            return ~Q(Exact(*pair))
        return COMPARISONS[expression.operator](*pair)

    def _distance_check(self, expression: Compare) -> None:
        """A distance is in degrees, as the standard says; who asks with more than 180 means metres."""
        sides = (expression.left, expression.right)
        is_distance = any(isinstance(side, Call) and side.name.lower() == "geo.distance" for side in sides)
        numbers = [side.value for side in sides if isinstance(side, Literal)]
        if is_distance and any(isinstance(one, int | float) and one > FARTHEST for one in numbers):
            raise self.fault(
                _("geo.distance is in degrees, at most 180; a degree of latitude is 111,320 metres.")
            )

    def _empty(self, side: Typed, operator: str) -> Any:
        if operator not in {"eq", "ne"} or side.is_constant:
            raise self.fault(_("Only 'eq' and 'ne' can ask for null."))
        value = side.as_kind("text") if side.keys else side.expression
        return IsNull(value, operator == "eq")

    def _pair(self, left: Typed, right: Typed) -> tuple[Any, Any]:
        """Both sides as values of one kind."""
        for kind in (right.kind, left.kind, "text"):
            one, other = left.as_kind(kind), right.as_kind(kind)
            if kind not in {"json", "geometry"} and one is not None and other is not None:
                return one, other
        detail = _("A value of kind %(left)s cannot be compared with one of kind %(right)s.")
        raise self.fault(detail % {"left": left.kind, "right": right.kind})

    def _call(self, name: str, arguments: tuple[Expression, ...]) -> Typed:
        function = function_named(name, len(arguments))
        if function is None:
            known = {"name": name[:40], "known": ", ".join(FUNCTIONS)}
            raise self.fault(_("There is no %(name)s with so many arguments; there are %(known)s.") % known)
        values = [
            self.value(item).as_kind(kind) for item, kind in zip(arguments, function.takes, strict=True)
        ]
        if any(value is None for value in values):
            kinds = {"name": name, "kinds": ", ".join(function.takes)}
            raise self.fault(_("%(name)s wants: %(kinds)s.") % kinds)
        return Typed(function.of(*values), function.gives)

    def _sum(self, operator: str, left: Expression, right: Expression) -> Typed:
        sides = [self.value(left), self.value(right)]
        kinds: list[Kind] = ["number" if side.keys else side.kind for side in sides]
        found = SUMS.get((kinds[0], operator, kinds[1]))
        values = [side.as_kind(kind) for side, kind in zip(sides, kinds, strict=True)]
        if found is None or any(value is None for value in values):
            detail = _("%(operator)s cannot reckon with %(left)s and %(right)s.")
            raise self.fault(detail % {"operator": operator, "left": kinds[0], "right": kinds[1]})
        kind, sql = found
        return Typed(Template(*values, template=sql, output_field=OUTPUTS[kind]()), kind)

    def _path(self, path: Path) -> Typed:
        entity, lookups, rest = self.entity, list[str](), list(path.parts)
        while rest[0] in entity.navigation_by_name:
            link = self.sight.navigation(entity, rest.pop(0), option=self.option)
            entity = BY_NAME[link.target]
            lookups.append(link.lookup)
            if not rest:
                raise unknown(entity, "", option=self.option)
        found, keys = self._property(entity, rest[0]), tuple(rest[1:])
        expression, kind = found.asked, found.kind
        if found.parts:
            if len(keys) != 1 or keys[0] not in found.parts:
                known = {"name": found.name, "known": ", ".join(found.parts)}
                raise self.fault(_("Behind %(name)s there is one of: %(known)s.") % known)
            kind, expression = found.parts[keys[0]]
            keys = ()
        elif kind == "geometry" and keys in GEOMETRY_PARTS:
            return Typed(Template(rooted(expression, "__".join(lookups)), **GEOMETRY_PARTS[keys]), "text")
        elif keys and kind != "json":
            raise unknown(entity, "/".join(rest), option=self.option)
        return Typed(rooted(expression, "__".join(lookups)), kind, keys=keys)

    def _property(self, entity: Entity, name: str) -> Property:
        if name not in IDS:
            return self.sight.property(entity, name, option=self.option)
        self.sight.require(entity, entity.id, option=self.option)
        return entity.id

    def _is_nullable(self, path: Expression) -> bool:
        """Whether the property at the end of a path can be empty; the links on the way cannot."""
        entity = self.entity
        for part in next(paths_of(path)).parts:
            link = entity.navigation_by_name.get(part)
            if link is None:
                found = entity.id if part in IDS else entity.property_by_name[part]
                return found.is_nullable
            entity = BY_NAME[link.target]
        return True
