"""Collections and entities with what is expanded in them, in as many queries as there are expanded links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, OuterRef, QuerySet

from apps.audit.services import seen
from apps.sensing.models import Observation
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.compiler import Compiler, Key
from apps.sensing.sensorthings.counting import nested_count, nested_counted, rows_count
from apps.sensing.sensorthings.entities import Entity, Navigation
from apps.sensing.sensorthings.paging import (
    after,
    keys_of,
    last_values,
    ordered,
    page_size,
    token_make,
    token_read,
)
from apps.sensing.sensorthings.shaping import self_link, shape_of
from apps.sensing.sensorthings.sight import Sight
from apps.sensing.sensorthings.syntax import Expand, Options
from apps.sensing.sensorthings.windows import windows

EXPANDED_ROWS = 10_000  # most rows of one expanded link in one answer
COLUMNS = ("datastream_id", "phenomenon_time", "result", "quality", "flags", "raw", "recorded_at")
TIMES = {"phenomenon_time", "recorded_at"}
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, and the address of the service that links begin with."""

    sight: Sight
    root: str


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page and the token of the next one ("" after the last)."""

    rows: list[Any]
    token: str


def collection(
    ask: Ask, entity: Entity, rows: QuerySet[Any], options: Options, *, link: str, fixed: frozenset[str]
) -> Body:
    """A page of a collection at the address ``link``, with count and link to the next page."""
    compiler = Compiler(ask.sight, entity)
    if options.filter is not None:
        rows = rows.filter(compiler.predicate(options.filter))
    page = page_read(compiler, rows, options, fixed=fixed)
    body: Body = rows_count(rows).as_json() if options.count else {}
    if page.token:
        body["@iot.nextLink"] = next_link(link, options, {"$skiptoken": page.token})
    return body | {"value": bodies(ask, entity, page.rows, options)}


def page_read(
    compiler: Compiler, rows: QuerySet[Any], options: Options, *, fixed: frozenset[str] = frozenset()
) -> Page:
    """The rows of one page, as model instances with their keys as ``sta_key_<n>``."""
    keys = keys_of(replace(compiler, option="$orderby"), options, fixed=fixed)
    size, begin = page_size(options), 0 if options.token else options.skip
    values = token_read(options.token, keys) if options.token else []
    if values:
        rows = rows.filter(after(keys, values))
    named = {f"sta_key_{index}": key.expression for index, key in enumerate(keys)}
    rows = ordered(rows, keys).annotate(**extras_of(compiler.entity, options), **named)
    found: list[Any] = []
    for some in windows(rows, keys, values):
        found = list(some[begin : begin + size + 1])
        if len(found) > size:
            break
    if len(found) <= size or not size:
        return Page(found[:size], "")
    return Page(found[:size], token_make([getattr(found[size - 1], name) for name in named]))


def next_link(link: str, options: Options, more: dict[str, str]) -> str:
    """The address of the next page: the same question, begun elsewhere."""
    kept = {name: text for name, text in options.raw.items() if name not in {"$skip", "$skiptoken"}}
    return f"{link}?{urlencode(kept | more, quote_via=quote, safe='$')}"


def extras_of(entity: Entity, options: Options) -> Body:
    """What must be worked out beside the fields of the rows, unless a selection leaves it out."""
    wanted = not options.select or entity.extra_names & set(options.select)
    return dict(entity.extras) if wanted else {}


def bodies(ask: Ask, entity: Entity, rows: Sequence[Any], options: Options) -> list[Body]:
    """The rows as JSON with what is expanded in them; one or two queries for each expanded link."""
    shape = shape_of(ask.sight, entity, options, root=ask.root)
    found = [shape.body(row) for row in rows]
    if rows:
        seen(rows[0]._meta.label, (row.pk for row in rows), found[0])
    for item in options.expand:
        link = ask.sight.navigation(entity, item.name, option="$expand")
        if rows and link.many:
            _many_add(ask, entity, link, item, list(zip(rows, found, strict=True)))
        elif rows:
            _one_add(ask, link, item, list(zip(rows, found, strict=True)))
    return found


def _one_add(ask: Ask, link: Navigation, item: Expand, parents: list[tuple[Any, Body]]) -> None:
    target, keys = BY_NAME[link.target], link.keys([row for row, _body in parents]) if link.keys else []
    wanted = ask.sight.rows(target).filter(pk__in={key for key in keys if key is not None})
    rows = list(wanted.annotate(**extras_of(target, item.options)))
    known = {row.pk: body for row, body in zip(rows, bodies(ask, target, rows, item.options), strict=True)}
    for (_row, body), key in zip(parents, keys, strict=True):
        body.pop(f"{link.name}@iot.navigationLink", None)
        body[link.name] = None if key is None else known.get(key)


def _many_add(
    ask: Ask, entity: Entity, link: Navigation, item: Expand, parents: list[tuple[Any, Body]]
) -> None:
    target, options = BY_NAME[link.target], item.options
    compiler = Compiler(ask.sight, target, "$expand")
    keys = keys_of(compiler, options, fixed=fixed_by(link))
    size = min(page_size(options), max(1, EXPANDED_ROWS // len(parents)))
    behind = ask.sight.rows_behind(link).filter(**{link.back: OuterRef("pk")})
    if options.filter is not None:
        behind = behind.filter(compiler.predicate(options.filter))
    some = ordered(behind, keys)[options.skip : options.skip + size + 1]
    columns: Body = {"sta_rows": ArraySubquery(_packed(target, some))}
    if options.count:
        columns["sta_count"] = nested_count(behind)
    pks = [row.pk for row, _body in parents]
    read = entity.model._default_manager.filter(pk__in=pks).order_by().annotate(**columns)
    packed = {row["pk"]: row for row in read.values("pk", *columns)}
    known = _unpacked(ask, target, [key for row in packed.values() for key in row["sta_rows"]], options)
    written = dict(zip(known, bodies(ask, target, list(known.values()), options), strict=True))
    for row, body in parents:
        mine = packed[row.pk]
        ids = [_hashable(key) for key in mine["sta_rows"] if _hashable(key) in known]
        body.pop(f"{link.name}@iot.navigationLink", None)
        if options.count:
            body |= nested_counted(mine["sta_count"]).as_json(link.name)
        body[link.name] = [written[key] for key in ids[:size]]
        if len(mine["sta_rows"]) > size:
            address = f"{self_link(ask.root, entity, row)}/{link.name}"
            body[f"{link.name}@iot.nextLink"] = _further(
                address, options, known[ids[size - 1]] if size else None, keys, size
            )


def _further(address: str, options: Options, last: Any, keys: Sequence[Key], size: int) -> str:
    values = None if last is None else last_values(last, keys)
    if values is None:
        return next_link(address, options, {"$skip": str(options.skip + size)})
    return next_link(address, options, {"$skiptoken": token_make(values)})


def fixed_by(link: Navigation | None) -> frozenset[str]:
    """The key fields that are equal in all rows behind one row's link."""
    return frozenset({"datastream_id"}) if link is not None and link.owned else frozenset()


def _packed(target: Entity, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Keys of the rows; observations whole, for looking up many two-part keys is slow."""
    if target.model is not Observation:
        return rows.values("pk")
    return rows.values(sta_row=Func(*COLUMNS, function="jsonb_build_array", output_field=JSONField()))


def _hashable(key: Any) -> Any:
    return tuple(key[:2]) if isinstance(key, list) else key


def _unpacked(ask: Ask, target: Entity, keys: Sequence[Any], options: Options) -> dict[Any, Any]:
    """The rows by what stands for them in the packed lists."""
    if target.model is Observation:
        return {_hashable(key): _observation(key) for key in keys}
    rows = ask.sight.rows(target).filter(pk__in=set(keys)).annotate(**extras_of(target, options))
    return {row.pk: row for row in rows}


def _observation(cells: Sequence[Any]) -> Observation:
    values = dict(zip(COLUMNS, cells, strict=True))
    for name in TIMES:
        values[name] = datetime.fromisoformat(values[name])
    for name in ("result", "raw"):
        values[name] = None if values[name] is None else float(values[name])
    return Observation(**values)
