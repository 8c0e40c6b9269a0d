"""The history of a row on its way out: old and new values pass the same decision as the value of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.gis.db.models import GeometryField
from django.db.models import DateTimeField, Field, ForeignKey, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Viewer
from apps.audit.selectors.history import changes_of
from apps.audit.services import seen
from apps.core.encryption import Encrypted
from apps.core.grades import Mask
from apps.core.quantities import moment_said
from apps.privacy.data import Decision, Outcome
from apps.privacy.services.exits import row_fields
from apps.privacy.services.masks import masked
from apps.privacy.services.naming import hides_names, row_name

OPERATIONS = {"insert": _("added"), "update": _("altered"), "delete": _("removed")}
KEPT_BACK = (Mask.POINT,)  # no text, so it has no mask here


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one change; ``old`` and ``new`` are None where the viewer gets no value."""

    name: str
    title: str
    old: Any
    new: Any
    is_clear: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change as the viewer may see it."""

    change: Any
    name: str  # of whoever did it; "" where a job of the platform did
    operation: Promise
    fields: list[FieldChange]


def history_shown(viewer: Viewer, row: Model) -> list[ShownChange]:
    """The changes of a row that the viewer may know of, newest first; hidden fields are absent."""
    decisions, label = row_fields(viewer, row), row._meta.label
    columns = {field.column: field for field in row._meta.concrete_fields}
    changes, shown = changes_of(label, row.pk), []
    names = _names({change.user_id for change in changes if change.user_id})
    for change in changes:
        fields = [
            _field(viewer, row, columns[column], pair, decisions[columns[column].name])
            for column, pair in change.changed.items()
            if column in columns and decisions[columns[column].name].outcome is not Outcome.HIDDEN
        ]
        name = names.get(change.user_id or 0, "")
        shown.append(ShownChange(change, name, OPERATIONS[change.operation], fields))
    seen(label, (row.pk,), {field.name for one in shown for field in one.fields})
    return shown


def _names(keys: set[int]) -> dict[int, str]:
    users: Any = get_user_model()._default_manager
    return {key: user.display_name or user.username for key, user in users.in_bulk(keys).items()}


def _field(
    viewer: Viewer, row: Model, field: Field[Any, Any], pair: list[Any], decision: Decision
) -> FieldChange:
    title, is_clear = capfirst(str(field.verbose_name)), decision.is_clear
    is_cipher = isinstance(field, Encrypted)
    if not pair or is_cipher or isinstance(field, GeometryField) or decision.mask in KEPT_BACK:
        return FieldChange(field.name, title, None, None, is_clear)
    old, new = (masked(value, decision, row=row) for value in pair)
    if is_clear:
        old, new = (_worded(viewer, field, value) for value in (old, new))
    return FieldChange(field.name, title, old, new, is_clear)


def _worded(viewer: Viewer, field: Field[Any, Any], value: Any) -> Any:
    """A stored value as a list shows it: the word of a choice, the name of a related row, a time."""
    if value in (None, ""):
        return value
    if isinstance(field, ForeignKey):
        model: Any = field.related_model
        found = model._default_manager.filter(**{field.target_field.name: value}).first()
        return (
            value if found is None else row_name(viewer, found) if hides_names(viewer, model) else str(found)
        )
    if isinstance(field, DateTimeField):
        return moment_said(str(value), "SHORT_DATETIME_FORMAT")
    words = {str(key): str(title) for key, title in field.flatchoices or ()}
    return words.get(str(value), value)
