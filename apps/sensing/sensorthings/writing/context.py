"""What all writes of one request share: who writes, where, and the readings that are stored at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.sensing.sensorthings.access import CREATE, Rights, writing_required
from apps.sensing.sensorthings.addresses import key_condition
from apps.sensing.sensorthings.catalogue import BY_NAME
from apps.sensing.sensorthings.sight import Sight
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.members import created_require, linked_require

MOST_ENTITIES = 200  # of one body, without observations
Given = Mapping[str, Any]
Creator = Callable[["Writing", Fields, Given], Any]


@dataclass
class Writing:
    """One request that writes."""

    sight: Sight
    rights: Rights
    creators: Mapping[str, Creator]
    readings: list[dict[str, Any]] = field(default_factory=list)  # rows as the doors take them
    made: int = 0

    @property
    def viewer(self) -> Viewer:
        """Who writes."""
        return self.sight.viewer

    @property
    def domains(self) -> tuple[str, ...]:
        """Where they may write."""
        return self.rights.domains

    def domain(self, fields: Fields) -> str:
        """The domain for something new: the only one, or the one that its properties name."""
        properties = fields.values.get("properties")
        named = properties.get("domain") if isinstance(properties, dict) else None
        if len(self.domains) == 1 and named is None:
            return self.domains[0]
        if named in self.domains:
            return str(named)
        writing_required(self.domains)
        detail = _("Name one of your domains as properties.domain: %(known)s.")
        raise fields.fault("properties.domain", detail % {"known": ", ".join(self.domains)}, "missing")

    def create(self, name: str, fields: Fields, given: Given | None = None) -> Any:
        """A new row of the entity type ``name``; ``given`` rows by entity type are linked instead of made."""
        self.made += 1
        if self.made > MOST_ENTITIES:
            raise fields.fault(
                "", _("Make at most %(most)d entities at once.") % {"most": MOST_ENTITIES}, "length"
            )
        if name != "FeatureOfInterest" or "Datastream" not in (given or {}):  # else a part of its observation
            self.rights.require(name, CREATE)
        created_require(fields, BY_NAME[name])
        return self.creators[name](self, fields, given or {})

    def linked(self, name: str, fields: Fields) -> Any | None:
        """The row that an object with ``@iot.id`` means; None where it has no id."""
        key = fields.values.get("@iot.id")
        if key is None:
            return None
        entity = BY_NAME[name]
        try:
            row = self.sight.rows(entity).filter(**key_condition(entity, key)).first()
        except ProblemError:
            row = None
        if row is None:
            detail = _("There is no %(name)s with this id, or you may not see it.")
            raise fields.fault("@iot.id", detail % {"name": name}, "unknown")
        linked_require(fields, entity, row)
        return row

    def one(self, name: str, fields: Fields, given: Given, **handed: Any) -> Any | None:
        """The row behind a link to one entity: given by the path, linked by id, or made for ``handed``."""
        if name in given:
            return given[name]
        if fields.values.get(name) is None:
            return None
        inner = fields.inside(name)
        return self.linked(name, inner) or self.create(name, inner, handed)

    def needed(self, name: str, fields: Fields, given: Given) -> Any:
        """The same, where the link must be there."""
        found = self.one(name, fields, given)
        if found is None:
            raise fields.fault(name, _("The field is missing."), "missing")
        return found

    def many(self, name: str, fields: Fields, field_name: str, given: Given) -> list[Any]:
        """The rows behind a link to several entities."""
        before = [given[name]] if name in given else []
        return before + [
            self.linked(name, inner) or self.create(name, inner) for inner in fields.each(field_name)
        ]
