"""What a row is called: ``str(row)`` tells values of its fields, so titles and links ask the kernel too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.admin import display
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from apps.accounts.data import Viewer
from apps.privacy.policy.facts import offices_of
from apps.privacy.services.exits import row_fields, visible_fields
from apps.privacy.services.kernel import can_see


def row_name(viewer: Viewer, row: Model) -> str:
    """``str(row)``, or kind and number where that would tell a value that the viewer does not see clear."""
    name, decisions = str(row), row_fields(viewer, row)
    for field in row._meta.concrete_fields:
        decision = decisions.get(field.name)
        value = str(getattr(row, field.attname) or "")
        if decision is not None and not decision.is_clear and value and value in name:
            return f"{row._meta.verbose_name} {row.pk}"
    return name


class Unnamed:
    """What a page's templates need of a row whose name may not be shown."""

    def __init__(self, row: Model, name: str) -> None:
        self.row, self.pk, self._meta, self._name = row, row.pk, row._meta, name

    def __str__(self) -> str:
        return self._name


def hides_names(viewer: Viewer, model: type[Model]) -> bool:
    """Whether some names of rows may not be shown to a viewer.

    Rows that the viewer may not know of are called by name elsewhere, as colleagues are, unless they belong
    to an office.
    """
    domain = next(iter(sorted(viewer.domains)), "")
    if not can_see(viewer, model._meta.label, domain=domain):
        return offices_of(model._meta.label) is not None
    return any(not decision.is_clear for decision in visible_fields(viewer, model).values())


@display(description=capfirst(gettext_lazy("record number")))
def number_column(instance: Model) -> Any:
    """The number by which ``row_name`` calls a row, and by which forms ask for it."""
    return instance.pk


def needs_number(viewer: Viewer, model: type[Model], columns: Sequence[Any]) -> bool:
    """Whether a list with these columns cannot tell rows apart: its first one is not clear to the viewer."""
    names = {"id", "pk", model._meta.pk.name if model._meta.pk else "id"}
    first = columns[0] if columns and isinstance(columns[0], str) else ""
    decision = visible_fields(viewer, model).get(first)
    return decision is not None and not decision.is_clear and not names & set(map(str, columns))


@lru_cache(maxsize=1000)
def related_column(viewer: Viewer, model: type[Model], name: str) -> Callable[[Model], Any]:
    """A display function for a related row that tells no more of its name than the viewer may see."""
    field: Any = model._meta.get_field(name)

    @display(description=capfirst(field.verbose_name), ordering=name)
    def column(instance: Model) -> Any:
        related = getattr(instance, name)
        return None if related is None else row_name(viewer, related)

    column.__name__ = f"related_{name}"
    return column
