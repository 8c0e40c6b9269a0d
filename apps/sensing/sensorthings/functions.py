"""The functions of ``$filter`` (18-088 table 23) as functions of PostgreSQL and PostGIS. Times are UTC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import (
    BooleanField,
    DateTimeField,
    DurationField,
    Field,
    FloatField,
    Func,
    TextField,
    Value,
)
from django.utils import timezone

from apps.sensing.sensorthings.entities import Kind

OUTPUTS: dict[str, type[Field[Any, Any]]] = {
    "text": TextField,
    "number": FloatField,
    "time": DateTimeField,
    "boolean": BooleanField,
    "geometry": GeometryField,
    "duration": DurationField,
}


# A filter may meet rows that the caller may not know of before the rights are asked, so it must not fail on a
# value: what overflows stays at the limit, what is divided by zero is empty. OFFSET reckons the value once.
SAFE = (
    "(SELECT CASE WHEN v > 1e308 THEN 1e308 WHEN v < -1e308 THEN -1e308 ELSE round(v, 300) END::float8"
    " FROM (SELECT %s AS v OFFSET 0) reckoned)"
)


@dataclass(frozen=True, slots=True)
class Function:
    """Kinds of the arguments, kind of the result, and the SQL with ``{0}``, ``{1}`` ... for the arguments."""

    takes: tuple[Kind, ...]
    gives: Kind
    sql: str | Callable[[], Any]

    def of(self, *arguments: Any) -> Any:
        """The call as an expression."""
        if callable(self.sql):
            return self.sql()
        return Template(*arguments, template=self.sql, output_field=OUTPUTS[self.gives]())


class Template(Func):
    """SQL with numbered places; an argument may stand at several of them."""

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: Any = None,
        template: Any = None,
        arg_joiner: Any = None,
        **extra: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        """The places filled in, with the parameters in their order."""
        parts = [compiler.compile(source) for source in self.source_expressions]
        pieces, parameters = [], list[Any]()
        for index, piece in enumerate(str(self.extra["template"]).split("{")):
            if index == 0:
                pieces.append(piece)
                continue
            number, _brace, rest = piece.partition("}")
            sql, values = parts[int(number)]
            pieces.append(f"({sql}){rest}")
            parameters += values
        return "".join(pieces), tuple(parameters)


def _text(sql: str, *more: Kind) -> Function:
    return Function(("text", *more), "text", sql)


def _part(name: str) -> Function:
    return Function(("time",), "number", f"extract({name} FROM {{0}} AT TIME ZONE 'UTC')::float8")


def _relation(name: str) -> Function:
    return Function(("geometry", "geometry"), "boolean", f"ST_{name}({{0}}, {{1}})")


def _moment(value: Callable[[], datetime]) -> Function:
    return Function((), "time", lambda: Value(value(), output_field=DateTimeField()))


RELATIONS = ("equals", "disjoint", "touches", "within", "overlaps", "crosses", "intersects", "contains")
FUNCTIONS: dict[str, Function] = {
    "substringof": Function(("text", "text"), "boolean", "(strpos({1}, {0}) > 0)"),
    "contains": Function(("text", "text"), "boolean", "(strpos({0}, {1}) > 0)"),
    "startswith": Function(("text", "text"), "boolean", "starts_with({0}, {1})"),
    "endswith": Function(("text", "text"), "boolean", "(right({0}, length({1})) = {1})"),
    "length": Function(("text",), "number", "length({0})::float8"),
    "indexof": Function(("text", "text"), "number", "(strpos({0}, {1}) - 1)::float8"),
    "substring": _text("substr({0}, least(greatest({1}, 0), 100000)::int + 1)", "number"),
    "tolower": _text("lower({0})"),
    "toupper": _text("upper({0})"),
    "trim": _text("btrim({0})"),
    "concat": _text("({0} || {1})", "text"),
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "hour": _part("hour"),
    "minute": _part("minute"),
    "second": Function(("time",), "number", "floor(extract(second FROM {0} AT TIME ZONE 'UTC'))::float8"),
    "fractionalseconds": Function(
        ("time",), "number", "(extract(microseconds FROM {0})::bigint %% 1000000)::float8 / 1000000"
    ),
    "date": Function(("time",), "time", "(date_trunc('day', {0} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')"),
    "time": Function(("time",), "text", "to_char({0} AT TIME ZONE 'UTC', 'HH24:MI:SS')"),
    "totaloffsetminutes": Function(("time",), "number", "(0 * extract(hour FROM {0}))::float8"),
    "now": _moment(timezone.now),
    "mindatetime": _moment(lambda: datetime(1, 1, 1, tzinfo=UTC)),
    "maxdatetime": _moment(lambda: datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    "round": Function(("number",), "number", "round({0}::numeric)::float8"),
    "floor": Function(("number",), "number", "floor({0})::float8"),
    "ceiling": Function(("number",), "number", "ceil({0})::float8"),
    "geo.distance": Function(("geometry", "geometry"), "number", "ST_Distance({0}, {1})"),
    "geo.length": Function(("geometry",), "number", "ST_Length({0})"),
    "geo.intersects": _relation("Intersects"),
    **{f"st_{name}": _relation(name.capitalize()) for name in RELATIONS},
    "st_relate": Function(("geometry", "geometry", "text"), "boolean", "ST_Relate({0}, {1}, {2})"),
}
SUBSTRING_TO = _text(
    "substr({0}, least(greatest({1}, 0), 100000)::int + 1, least(greatest({2}, 0), 100000)::int)",
    "number",
    "number",
)


def function_named(name: str, count: int) -> Function | None:
    """The function of this name with ``count`` arguments."""
    if name == "substring" and count == len(SUBSTRING_TO.takes):
        return SUBSTRING_TO
    found = FUNCTIONS.get(name)
    return found if found is not None and len(found.takes) == count else None
