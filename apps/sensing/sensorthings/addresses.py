"""Resource paths (18-088 section 9.2): ``Things(1)/Datastreams(2)/Observations``, ``.../name/$value``.

Every row on the way must be one that the viewer may know of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.sensorthings.catalogue import BY_NAME, BY_PLURAL, ENTITIES
from apps.sensing.sensorthings.entities import Entity, Navigation
from apps.sensing.sensorthings.moments import moment_of
from apps.sensing.sensorthings.sight import Sight

MOST_PARTS = 12
NOT_FOUND = 404
PART = re.compile(r"(?P<name>\$?\w{1,60})(?:\((?:'(?P<quoted>[^'/]{1,60})'|(?P<plain>\d{1,18}))\))?")
OBSERVATION = re.compile(r"(\d{1,18})-(\d{1,17})", re.ASCII)
NUMBER = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a path leads: rows of an entity type, one row of them, or a property of it."""

    entity: Entity
    rows: QuerySet[Any]
    is_single: bool = False
    link: Navigation | None = None  # over which the last step went
    parent: Any = None  # the row it went from
    property: tuple[str, ...] = ()
    ending: str = field(default="")  # "$ref", "$value" or ""

    def row(self) -> Any:
        """The one row; 404 where there is none, or none for this viewer."""
        found = self.rows.first() if self.is_single else None
        if found is None:
            raise absent()
        return found


def absent(detail: str = "") -> ProblemError:
    """The answer for what is not there, and equally for what the caller may not know of."""
    return ProblemError(
        detail or _("There is nothing at this address, or you may not see it."), "", NOT_FOUND, "not_found"
    )


def place_of(sight: Sight, path: str) -> Place:
    """Where ``path`` leads; ProblemError 404 names what is wrong."""
    parts = [part for part in path.split("/") if part]
    matches = [PART.fullmatch(part) for part in parts]
    if not parts or len(parts) > MOST_PARTS or None in matches:
        raise absent(_("This is no path of SensorThings, such as Things(1)/Datastreams."))
    place: Place | None = None
    for match in matches:
        if match is not None:
            key = match["quoted"] or match["plain"] or ""
            place = (
                _begin(sight, match["name"], key)
                if place is None
                else _step(sight, place, match["name"], key)
            )
    if place is None:
        raise absent()
    return place


def _begin(sight: Sight, name: str, key: str) -> Place:
    entity = BY_PLURAL.get(name)
    if entity is None:
        known = ", ".join(item.plural for item in ENTITIES)
        raise absent(_("There is no such set; there are %(known)s.") % {"known": known})
    return _by_key(Place(entity, sight.rows(entity)), key)


def _step(sight: Sight, place: Place, name: str, key: str) -> Place:
    if place.ending:
        raise absent(_("Nothing can follow %(name)s.") % {"name": place.ending})
    if name.startswith("$"):
        return _ended(place, name)
    if place.property:
        return Place(place.entity, place.rows, is_single=True, property=(*place.property, name))
    link = place.entity.navigation_by_name.get(name)
    if link is None:
        return _property(sight, place, name)
    sight.require(place.entity, link, option=name)
    return _follow(sight, place.row(), link, key)


def _ended(place: Place, name: str) -> Place:
    if name == "$ref" and not place.property:
        return Place(place.entity, place.rows, place.is_single, place.link, place.parent, ending=name)
    if name == "$value" and place.property:
        return Place(place.entity, place.rows, is_single=True, property=place.property, ending=name)
    raise absent(_("%(name)s cannot stand here.") % {"name": name})


def _property(sight: Sight, place: Place, name: str) -> Place:
    found = place.entity.property_by_name.get(name)
    if found is None or not place.is_single:
        known = ", ".join(place.entity.names)
        raise absent(_("There is no such property or link; there are %(known)s.") % {"known": known})
    sight.require(place.entity, found, option=name)
    return Place(place.entity, place.rows, is_single=True, property=(name,))


def _follow(sight: Sight, row: Any, link: Navigation, key: str) -> Place:
    target = BY_NAME[link.target]
    if link.many:
        rows = sight.rows_behind(link).filter(**{link.back: row.pk})
        return _by_key(Place(target, rows, link=link, parent=row), key)
    behind = link.keys([row])[0] if link.keys else None
    rows = sight.rows(target)
    rows = rows.none() if behind is None else rows.filter(pk=behind)
    if key:
        raise absent(_("This link leads to one entity; leave the id out."))
    return Place(target, rows, is_single=True, link=link, parent=row)


def _by_key(place: Place, key: str) -> Place:
    if not key:
        return place
    condition = key_condition(place.entity, key)
    return Place(place.entity, place.rows.filter(**condition), is_single=True, link=place.link)


def key_condition(entity: Entity, key: Any) -> dict[str, Any]:
    """The fields that an ``@iot.id`` stands for; ProblemError 404 where it is none of ours."""
    text = str(key)
    if entity.name != "Observation" and NUMBER.fullmatch(text) and not isinstance(key, bool):
        return {"pk": int(text)}
    match = OBSERVATION.fullmatch(text)
    if entity.name == "Observation" and match:
        try:
            return {"datastream_id": int(match[1]), "phenomenon_time": moment_of(int(match[2]))}
        except OverflowError:
            raise absent() from None
    raise absent(_("This is no id of this set."))
