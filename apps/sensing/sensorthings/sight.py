"""What one caller may see: rows, properties and links. Every exit of this package asks here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.privacy.data import Decision
from apps.privacy.services import visible_fields, visible_rows
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.entities import Entity, Navigation, Property

FORBIDDEN = 403


class Sight:
    """The eyes of one viewer."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self._decisions: dict[str, dict[str, Decision]] = {}

    def rows(self, entity: Entity) -> QuerySet[Any]:
        """The rows of an entity type that the viewer may know of, in no order."""
        living = entity.model._default_manager.filter(**entity.living)
        if not self.is_clear(entity, entity.id):
            return living.none()
        return visible_rows(self.viewer, living).order_by()

    def rows_behind(self, link: Navigation) -> QuerySet[Any]:
        """The rows that a link may lead to; it must lead there from a row that the viewer may know of."""
        entity = BY_NAME[link.target]
        if link.owned and self.is_clear(entity, entity.id):
            return entity.model._default_manager.order_by()
        return self.rows(entity)

    def decision(self, entity: Entity, field: str) -> Decision:
        """What the viewer gets of a field; ``Model.field`` is one of another entity type."""
        owner, _dot, name = field.rpartition(".")
        model = BY_NAME[owner].model if owner else entity.model
        label = model._meta.label
        if label not in self._decisions:
            self._decisions[label] = visible_fields(self.viewer, model)
        return self._decisions[label][name]

    def is_clear(self, entity: Entity, item: Property | Navigation) -> bool:
        """Whether the viewer sees all that a property or a link is made of."""
        return all(self.decision(entity, field).is_clear for field in item.fields)

    def shown(self, entity: Entity) -> list[Navigation]:
        """The links of an entity type that the viewer may follow."""
        return [item for item in entity.navigations if self.is_clear(entity, item)]

    def property(self, entity: Entity, name: str, *, option: str) -> Property:
        """A property that the viewer may ask for; ProblemError 400 if there is none, 403 if he may not."""
        found = entity.property_by_name.get(name)
        if found is None:
            raise unknown(entity, name, option=option)
        if not found.can_ask:
            detail = _("%(name)s of %(entity)s can be selected, but not filtered or ordered by.")
            raise ProblemError(detail % {"name": name, "entity": entity.name}, option, code="unknown")
        self.require(entity, found, option=option)
        return found

    def navigation(self, entity: Entity, name: str, *, option: str) -> Navigation:
        """A link that the viewer may follow; ProblemError as for a property."""
        found = entity.navigation_by_name.get(name)
        if found is None:
            raise unknown(entity, name, option=option)
        self.require(entity, found, option=option)
        return found

    def require(self, entity: Entity, item: Property | Navigation, *, option: str) -> None:
        """ProblemError 403 where the viewer does not see all of it clear: what is hidden cannot be asked."""
        if not self.is_clear(entity, item):
            detail = _("You may not ask for %(name)s of %(entity)s: you do not see it clear.")
            names = {"name": item.name, "entity": entity.name}
            raise ProblemError(detail % names, option, FORBIDDEN, "masked")


def unknown(entity: Entity, name: str, *, option: str) -> ProblemError:
    """What a caller hears who asks for something that is not there: the nearest name that is."""
    others = [one for one in entity.names if one != name]
    near = get_close_matches(name, others, 1, 0.5)
    names = {"name": name[:60], "entity": entity.name, "known": near[0] if near else ", ".join(others)}
    detail = _("%(entity)s has no %(name)s that can be asked for here; did you mean %(known)s?")
    return ProblemError(detail % names, option, code="unknown")
