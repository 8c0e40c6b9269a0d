"""Shape of the entity types of SensorThings 1.1 (section 8) over our models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Expression, F, Model
from django.utils.functional import cached_property

Kind = Literal["text", "number", "time", "duration", "geometry", "boolean", "json", "period"]


@dataclass(frozen=True)
class Property:
    """One property: how it is read from a row, asked for in a query, and which fields decide who sees it.

    A field of another model stands with its model's name: ``Observation.phenomenon_time``.
    """

    name: str
    kind: Kind
    fields: tuple[str, ...]
    value: Callable[[Any], Any] | None = None  # None: the first field itself
    lookup: str = ""  # where a query finds it; "" is the first field
    expression: Expression | None = None  # instead of a lookup
    parts: Mapping[str, tuple[Kind, Expression | F]] = field(
        default_factory=dict
    )  # what stands behind a slash
    is_nullable: bool = False
    can_ask: bool = True  # whether queries may filter and order by it
    can_write: bool = True

    def of(self, row: Any) -> Any:
        """The value of a row."""
        return getattr(row, self.fields[0]) if self.value is None else self.value(row)

    @property
    def asked(self) -> Expression | F:
        """The expression of a query."""
        return self.expression or F(self.lookup or self.fields[0])


@dataclass(frozen=True)
class Navigation:
    """A link to another entity type: ``back`` leads from its rows to ours, whose ``outer`` it must equal.

    ``implied`` says that whoever may know of our row may know of the one behind the link.
    """

    name: str
    target: str
    many: bool
    back: str
    fields: tuple[str, ...]
    lookup: str = ""
    outer: str = "pk"
    implied: bool = False
    owned: bool = False  # whoever may know of our row may know of all rows behind the link
    keys: Callable[[Sequence[Any]], list[int | None]] | None = None  # of the rows behind a single link


@dataclass(frozen=True)
class Entity:
    """An entity type."""

    name: str
    plural: str
    model: type[Model]
    properties: tuple[Property, ...]
    navigations: tuple[Navigation, ...]
    id: Property = Property("id", "number", ("id",), can_write=False)
    living: Mapping[str, Any] = field(default_factory=dict)  # which rows there are for SensorThings
    order: tuple[str, ...] = ("id",)  # a unique key, in the order of an index
    extras: Mapping[str, Any] = field(default_factory=dict)  # what some properties need beside the fields
    extra_names: frozenset[str] = frozenset()  # those properties

    @cached_property
    def property_by_name(self) -> dict[str, Property]:
        """The properties by name."""
        return {item.name: item for item in self.properties}

    @cached_property
    def navigation_by_name(self) -> dict[str, Navigation]:
        """The navigations by name."""
        return {item.name: item for item in self.navigations}

    @property
    def names(self) -> list[str]:
        """Whatever may stand in a path."""
        return ["id", *self.property_by_name, *self.navigation_by_name]
