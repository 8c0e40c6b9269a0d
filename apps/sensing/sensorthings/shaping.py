"""Rows into JSON: what the viewer may see, with links, as 18-088 section 8.3 wants it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from apps.privacy.data import Decision, Outcome
from apps.privacy.services import masked
from apps.sensing.sensorthings.entities import Entity, Kind, Property
from apps.sensing.sensorthings.moments import moment_text, period_text
from apps.sensing.sensorthings.sight import Sight, unknown
from apps.sensing.sensorthings.syntax import Options

Getter = Callable[[Any], Any]
ALWAYS = {"result", "resultTime"}  # shown even where they are empty
RENDERED: dict[Kind, Getter] = {
    "time": moment_text,
    "period": period_text,
    "geometry": lambda value: json.loads(value.json) if isinstance(value, GEOSGeometry) else value,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows of one entity type are written for one viewer and one selection."""

    entity: Entity
    root: str
    getters: tuple[tuple[str, Getter], ...]
    links: tuple[tuple[str, str], ...]  # with the column that is empty where one leads to nothing, if any

    def body(self, row: Any) -> dict[str, Any]:
        """The entity with its id and its links."""
        link = self_link(self.root, self.entity, row)
        found: dict[str, Any] = {"@iot.selfLink": link, "@iot.id": self.entity.id.of(row)}
        for name, getter in self.getters:
            value = getter(row)
            if value is not None or name in ALWAYS:
                found[name] = value
        for name, column in self.links:
            if not column or getattr(row, column) is not None:  # no link to nothing
                found[f"{name}@iot.navigationLink"] = f"{link}/{name}"
        return found


def self_link(root: str, entity: Entity, row: Any) -> str:
    """The address of a row."""
    key = entity.id.of(row)
    return f"{root}/{entity.plural}({key})" if isinstance(key, int) else f"{root}/{entity.plural}('{key}')"


def shape_of(sight: Sight, entity: Entity, options: Options, *, root: str) -> Shape:
    """The shape for a selection (everything when empty); ProblemError for a name that does not exist."""
    select = set(options.select) - {"id", "@iot.id", "@iot.selfLink"}
    for name in select - set(entity.names):
        raise unknown(entity, name, option="$select")
    getters = [
        (item.name, getter)
        for item in entity.properties
        if not options.select or item.name in select
        for getter in [getter_of(sight, entity, item)]
        if getter is not None
    ]
    links = [
        (link.name, "" if link.many or "__" in link.lookup else f"{link.lookup}_id")
        for link in sight.shown(entity)
        if not options.select or link.name in select
    ]
    return Shape(entity, root, tuple(getters), tuple(links))


def getter_of(sight: Sight, entity: Entity, item: Property) -> Getter | None:
    """How the viewer gets a property: clear, behind its mask, or (None) not at all."""
    render = RENDERED.get(item.kind, _same)
    if sight.is_clear(entity, item):
        return lambda row: render(item.of(row))
    decision = sight.decision(entity, item.fields[0])
    if len(item.fields) > 1 or decision.outcome is not Outcome.MASKED:
        return None
    return _behind(item, decision, RENDERED["geometry"])


def _behind(item: Property, decision: Decision, render: Getter) -> Getter:
    return lambda row: render(masked(item.of(row), decision, row=row))


def _same(value: Any) -> Any:
    return value
