"""Exactly what an applicant will see, before anybody approves: the kernel's own answer on the first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Model

from apps.accounts.data import AccessGrant, Viewer
from apps.accounts.selectors import division_now, viewer_for
from apps.audit.services import seen
from apps.catalogue.models import AccessRequest, Dataset
from apps.catalogue.selectors.entries import items_of
from apps.catalogue.selectors.tokens import narrowed
from apps.privacy.data import Decision, Outcome
from apps.privacy.services import masked, row_fields, visible_fields, visible_rows

FIRST_ROWS = 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Column:
    """One requested field: what the applicant gets of it, and whether the approver sees it himself."""

    name: str
    title: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Preview:
    """The columns, the first rows, and how many rows there are in all."""

    columns: list[Column]
    rows: list[list[str]]
    count: int


def request_preview(request: AccessRequest, *, reader: Viewer) -> Preview:
    """What the applicant would see. A value that the approver may not see is masked for him here as well."""
    applicant, model = would_be_viewer(request), model_of(request.dataset)
    if model is None:
        return Preview([], [], 0)
    theirs = visible_fields(applicant, model, purpose=request.purpose)
    titles = {item.name: item.title for item in items_of(request.dataset)}
    names = [name for name in request.fields if name in theirs]
    rows = visible_rows(reader, visible_rows(applicant, model._default_manager.all()))
    found = list(rows.order_by("pk")[:FIRST_ROWS])
    seen(model._meta.label, [row.pk for row in found], names)
    return Preview(
        columns=[Column(name, titles.get(name, name), theirs[name]) for name in names],
        rows=[_cells(row, names, row_fields(applicant, row), row_fields(reader, row)) for row in found],
        count=rows.count() if model._meta.app_label != "sensing" else len(found),
    )


def model_of(dataset: Dataset) -> type[Model] | None:
    """The model behind an entry; None where the domain no longer declares it."""
    try:
        return apps.get_model(dataset.object_type)
    except (LookupError, ValueError):
        return None


def would_be_viewer(request: AccessRequest) -> Viewer:
    """The applicant's rights with the grant that an approval would give; a program's are narrowed as well."""
    viewer = viewer_for(request.applicant)
    place, former = division_now(request.place)
    grant = AccessGrant(
        id=0,
        object_type=request.dataset.object_type,
        purpose=request.purpose,
        fields=frozenset(request.fields),
        place=place,
        former=former,
    )
    viewer = replace(viewer, grants=viewer.grants | {grant}, purpose=request.purpose)
    return narrowed(viewer, [request]) if request.client_id else viewer


def _cells(
    row: Model, names: list[str], theirs: Mapping[str, Decision], mine: Mapping[str, Decision]
) -> list[str]:
    return [_cell(row, name, theirs[name], mine.get(name)) for name in names]


def _cell(row: Any, name: str, theirs: Decision, mine: Decision | None) -> str:
    field = row._meta.get_field(name)
    value = masked(getattr(row, field.attname), theirs, row=row)
    if theirs.is_clear and mine is not None and not mine.is_clear:
        value = masked(getattr(row, field.attname), mine, row=row)
    if theirs.outcome is Outcome.HIDDEN or value is None:
        return ""
    text = value.geom_type if isinstance(value, GEOSGeometry) else str(value)
    return text[:LONGEST]
