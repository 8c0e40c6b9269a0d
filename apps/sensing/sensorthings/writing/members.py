"""Which members a body may have: one that would not be kept is refused by its name, never passed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.sensorthings.addresses import key_condition
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.entities import Entity, Navigation
from apps.sensing.sensorthings.shaping import RENDERED
from apps.sensing.sensorthings.sight import unknown
from apps.sensing.sensorthings.writing.fields import Fields

ID = "@iot.id"
# Links, and members with a check of their own, that a new entity may bring along; then those of a change.
BROUGHT: Mapping[str, frozenset[str]] = {
    "Thing": frozenset({"Locations", "Datastreams"}),
    "Location": frozenset({"Things"}),
    "HistoricalLocation": frozenset({"Thing", "Locations"}),
    "Sensor": frozenset({"Datastreams"}),
    "ObservedProperty": frozenset({"Datastreams"}),
    "Datastream": frozenset({"Thing", "Sensor", "ObservedProperty", "Observations"}),
    "Observation": frozenset(
        {"Datastream", "FeatureOfInterest", "MultiDatastream", "parameters", "validTime"}
    ),
}
CHANGED: Mapping[str, frozenset[str]] = {
    "Thing": frozenset({"Locations"}),
    "Datastream": frozenset({"Thing", "Sensor", "ObservedProperty"}),
    "Observation": frozenset({"Datastream", "parameters"}),
}
COMPUTED: Mapping[str, frozenset[str]] = {  # beside what is computed for every reader
    "Observation": frozenset({"resultQuality", "parameters"}),
}
ALL: frozenset[str] = frozenset()
EMPTY: tuple[Any, ...] = (None, [])  # says nothing: clients send lists of links that they have not read


def created_require(fields: Fields, entity: Entity) -> None:
    """ProblemError 400 for a member of a new entity that would not be kept."""
    if fields.values.get(ID) is not None:
        raise fields.fault(ID, _("This service gives the ids; leave it out."), "unknown")
    _require(fields, entity, BROUGHT.get(entity.name, ALL), {})


def changed_require(fields: Fields, entity: Entity, row: Any) -> None:
    """The same for a change of ``row``; what only repeats what is there is let pass."""
    shown = stored_body(entity, row, entity.extra_names if set(fields.values) & entity.extra_names else ())
    given = fields.values.get(ID)
    if given is not None and str(given) != str(entity.id.of(row)):
        raise fields.fault(ID, _("An entity keeps its id."), "unknown")
    links = {name for name, link in entity.navigation_by_name.items() if _repeats(fields, name, link, row)}
    _require(fields, entity, CHANGED.get(entity.name, ALL) | links, shown)


def linked_require(fields: Fields, entity: Entity, row: Any) -> None:
    """The same for what stands beside the id of an entity that is only linked."""
    shown = stored_body(entity, row)
    beside = (
        entity.navigation_by_name.keys() | entity.extra_names
    )  # of an entity that is inlined as it was read
    for name, value in fields.values.items():
        if "@" in name or value is None or name in beside:
            continue
        if shown.get(name, fields) != value:
            detail = _("An entity that is linked by its id is not changed; leave this out, or PATCH it.")
            raise fields.fault(name, detail, "unknown")


def stored_body(entity: Entity, row: Any, extras: Any = ()) -> dict[str, Any]:
    """The row as its sender would write it; never shown, so without anybody's rights."""
    items = [item for item in entity.properties if item.name not in entity.extra_names or item.name in extras]
    return {item.name: RENDERED.get(item.kind, _same)(item.of(row)) for item in items}


def _require(fields: Fields, entity: Entity, links: frozenset[str], shown: Mapping[str, Any]) -> None:
    computed = entity.extra_names | COMPUTED.get(entity.name, ALL)
    for name, value in fields.values.items():
        if (
            value in EMPTY
            or name in links
            or (name in shown and shown[name] == value)
            or _is_note(name, entity)
        ):
            continue
        if name in computed:
            detail = _("This follows from the readings and their rules and is not kept; leave it out.")
            raise fields.fault(name, detail, "unknown")
        if name in entity.navigation_by_name:
            detail = _("This link cannot be set here; write the entity at its other end.")
            raise fields.fault(name, detail, "unknown")
        if name not in entity.property_by_name:
            detail = str(unknown(entity, name, option="").detail)
            raise fields.fault(name[:60], detail, "unknown")


def _repeats(fields: Fields, name: str, link: Navigation, row: Any) -> bool:
    """Whether a link names only entities behind it, as they are: a client sends back what it has read."""
    if fields.values.get(name) is None:
        return False
    target = BY_NAME[link.target]
    behind = target.model._default_manager.filter(**{link.back: getattr(row, link.outer)})
    for inner in fields.each(name):
        key = inner.values.get(ID)
        found = None if key is None else behind.filter(**key_condition(target, key)).first()
        if found is None:
            return False
        linked_require(inner, target, found)
    return True


def _is_note(name: str, entity: Entity) -> bool:
    """Whether a member is control information of an answer, which clients send back."""
    link, at, note = name.partition("@")
    return bool(at) and note.startswith("iot.") and (not link or link in entity.navigation_by_name)


def _same(value: Any) -> Any:
    return value


def unit_members_require(fields: Fields, known: tuple[str, ...]) -> None:
    """ProblemError for a member of a unit that would not be kept: it might be a factor."""
    for name, value in fields.values.items():
        if name not in known and value is not None:
            detail = _("A unit has only %(known)s.") % {"known": ", ".join(known)}
            raise fields.fault(name[:60], detail, "unknown")


def parameters_require(fields: Fields, row: Any) -> None:
    """``parameters`` of a change say why; what they repeat of the observation is let pass."""
    for name, value in fields.object("parameters").items():
        if name != "reason" and not (name == "raw" and value == row.raw):
            detail = _("Only parameters.reason is kept with a correction.")
            raise ProblemError(detail, f"parameters.{name}"[:60], code="unknown")
