"""Which objects are people's: reads of them are recorded one by one, so that each record can be traced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.core.domains import all_domains
from apps.core.grades import Category, FieldGrade

OF_PEOPLE = {Category.IDENTITY, Category.CONTACT, Category.HEALTH, Category.MINOR}


@cache
def personal_types() -> frozenset[str]:
    """``"hospital.Patient"``: every model with a field that tells who somebody is; the log itself is none."""
    return frozenset(
        f"{app}.{key.partition('.')[0]}"
        for app, key, grade in grades_declared()
        if grade.category in OF_PEOPLE and app != "audit"
    )


def grades_declared() -> Iterator[tuple[str, str, FieldGrade]]:
    """``("hospital", "Patient.name", grade)`` for every field of every app of ours."""
    domains: dict[str, Mapping[str, FieldGrade]] = {one.slug: one.privacy for one in all_domains()}
    for config in apps.get_app_configs():
        declared = domains.get(config.label)
        if declared is None and config.name.startswith("apps.") and find_spec(f"{config.name}.grades"):
            declared = import_module(f"{config.name}.grades").GRADES
        for key, grade in (declared or {}).items():
            yield config.label, key, grade
