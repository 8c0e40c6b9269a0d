"""The grade of every field of every model of ours, as the apps declare it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.core.domains import all_domains
from apps.core.grades import FieldGrade


@cache
def all_grades() -> dict[str, FieldGrade]:
    """``"city.RoadSegment.name"`` -> grade, for every model of every app of ours."""
    grades = {
        f"{domain.slug}.{key}": grade for domain in all_domains() for key, grade in domain.privacy.items()
    }
    for config in apps.get_app_configs():
        if (
            config.name.startswith("apps.")
            and config.label not in domain_slugs()
            and find_spec(f"{config.name}.grades")
        ):
            declared = import_module(f"{config.name}.grades").GRADES
            grades |= {f"{config.label}.{key}": grade for key, grade in declared.items()}
    return grades


@cache
def grades_of(object_type: str) -> dict[str, FieldGrade]:
    """``"name"`` -> grade, for one object type."""
    start = f"{object_type}."
    return {key.removeprefix(start): grade for key, grade in all_grades().items() if key.startswith(start)}


@cache
def domain_slugs() -> frozenset[str]:
    """The slugs of the declared domains."""
    return frozenset(domain.slug for domain in all_domains())


@cache
def object_types() -> tuple[str, ...]:
    """Every object type that has a grade, in order."""
    return tuple(sorted({key.rpartition(".")[0] for key in all_grades()}))


def domain_of(object_type: str) -> str:
    """``"city.RoadSegment"`` -> ``"city"``; platform objects give their app label."""
    return object_type.partition(".")[0]
