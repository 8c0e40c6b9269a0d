"""Rows and fields of the apps below, as the viewer may see them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import Http404

from apps.accounts.data import Viewer
from apps.audit.services import seen
from apps.core.grades import Grade
from apps.privacy.data import Outcome
from apps.privacy.services import masked, row_fields, visible_fields, visible_rows
from apps.privacy.services.kernel import all_grades

ORDINARY = Grade.L2


def visible(viewer: Viewer, label: str) -> QuerySet[Any]:
    """The rows of the model called ``label`` that the viewer may know of."""
    return visible_rows(viewer, apps.get_model(label)._default_manager.all())


def plain(viewer: Viewer, *labels: str) -> QuerySet[Any]:
    """The rows of the first model for pages that print them, and rows of the others, as they are.

    None where the viewer does not see every ordinary field (L2 and below) of all of them clear.
    """
    rows, grades = visible(viewer, labels[0]), all_grades()
    for label in labels:
        for name, decision in visible_fields(viewer, apps.get_model(label)).items():
            if not decision.is_clear and grades[f"{label}.{name}"].grade <= ORDINARY:
                return rows.none()
    return rows


def visible_get(viewer: Viewer, label: str, pk: Any) -> Any:
    """One such row; somebody who may not know of it gets the same 404 as for a row that is not there."""
    row = visible(viewer, label).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def shown(viewer: Viewer, row: Model) -> SimpleNamespace:
    """The row's fields by name, masked or hidden as the kernel decides, and ``display`` for choices."""
    decisions = row_fields(viewer, row)
    values: dict[str, Any] = {"pk": row.pk, "display": {}}
    for field in row._meta.concrete_fields:
        decision = decisions[field.name]
        values[field.name] = masked(getattr(row, field.attname), decision, row=row)
        if field.choices and decision.is_clear:
            values["display"][field.name] = getattr(row, f"get_{field.name}_display")()
    seen(
        row._meta.label,
        (row.pk,),
        [name for name, decision in decisions.items() if decision.outcome is not Outcome.HIDDEN],
    )
    return SimpleNamespace(**values)


def shown_all(viewer: Viewer, rows: Iterable[Model]) -> list[SimpleNamespace]:
    """``shown`` for each row."""
    return [shown(viewer, row) for row in rows]
