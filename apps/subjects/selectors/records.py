"""The declared records: which models speak of people, in every domain that there is."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from apps.core.declarations import SubjectRecord
from apps.core.domains import all_domains


@cache
def records() -> dict[str, tuple[str, SubjectRecord]]:
    """``"hospital.Patient"`` -> the slug of its domain and its declaration, in the order of declaration."""
    return {record.model: (domain.slug, record) for domain in all_domains() for record in domain.subjects}


def domains_with_people() -> list[str]:
    """The domains that hold rows of people."""
    return sorted({slug for slug, _record in records().values()})


def model_of(label: str) -> type[Model]:
    """The model of a declared record."""
    return apps.get_model(label)


def rows_of(label: str) -> QuerySet[Any]:
    """Every row of a declared record."""
    return model_of(label)._default_manager.all()


def dependents(label: str) -> list[SubjectRecord]:
    """The records that hang on ``label``."""
    return [
        record
        for _slug, record in records().values()
        if record.root
        and model_of(record.model)._meta.get_field(record.root).related_model is model_of(label)
    ]
