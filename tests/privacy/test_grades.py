"""Every field of every model of ours has a grade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models
from django.utils import translation

from apps.accounts.models import Department
from apps.core.domains import all_domains
from apps.core.encryption import BlindIndexField, Encrypted
from apps.core.grades import Category, Grade
from apps.core.places import Named
from apps.privacy.policy.grades import grades_of
from apps.privacy.services.kernel import all_grades

# What a field that holds something about a person is called, as a word of its name or of its English title.
PERSONAL = re.compile(
    r"(?<![a-z])(name|username|phone|telephone|tel|mobile|fax|id_number|identity number|passport|address|"
    r"birth|birthday|e-?mail|wechat|qq|plate|contact|holder|customer|inspector|guardian|caller|reporter|patient|pupil|"
    r"student|driver|victim|witness|diagnosis|bank|salary|religion|ethnicity)(?![a-z])"
)


def ours() -> Iterator[type[models.Model]]:
    """Every model of ours."""
    for config in apps.get_app_configs():
        if config.name.startswith("apps."):
            yield from config.get_models()


def reads_personal(field: models.Field[object, object]) -> bool:
    """Whether name, title or type of a field say that it holds something about a person."""
    if field.is_relation or field.primary_key or isinstance(field, models.BooleanField | BlindIndexField):
        return False
    if isinstance(field, Encrypted | models.EmailField):
        return True
    if field.name in {"name", "name_zh", "name_en"} and issubclass(field.model, Named):
        return False  # by its base class the name of a thing or a place
    with translation.override("en"):
        return bool(PERSONAL.search(f"{field.name} {str(field.verbose_name).lower()}"))


def reasons() -> dict[str, str]:
    """Label -> why a field that reads like a person's is none, as the apps declare it."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and find_spec(f"{config.name}.grades"):
            declared = getattr(import_module(f"{config.name}.grades"), "NOT_PERSONAL", {})
            found |= {f"{config.label}.{key}": reason for key, reason in declared.items()}
    return found


def test_a_field_about_a_person_is_restricted_or_says_why_not() -> None:
    grades, why = all_grades(), reasons()
    fields = {
        f"{model._meta.label}.{one.name}": one for model in ours() for one in model._meta.concrete_fields
    }
    personal = {label for label, field in fields.items() if reads_personal(field)}
    open_ones = {label for label in personal if grades[label].grade < Grade.L3}
    assert open_ones == set(why), "grade L3 or more, or a reason in NOT_PERSONAL of the app's grades.py"
    assert all(len(reason.split()) > 2 for reason in why.values())


def test_an_index_of_a_personal_field_is_a_credential() -> None:
    indexes = {
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if isinstance(field, BlindIndexField)
    }
    assert indexes
    assert {all_grades()[label].category for label in indexes} == {Category.CREDENTIAL}


def test_a_model_of_people_that_names_a_department_says_that_it_owns_the_row() -> None:
    slugs = {domain.slug for domain in all_domains()}
    named = {
        model._meta.label: getattr(model, "OWNER_PATH", "")
        for model in ours()
        for field in model._meta.concrete_fields
        if model._meta.app_label in slugs and field.related_model is Department
        if any(grade.grade >= Grade.L3 for grade in grades_of(model._meta.label).values())
    }
    assert named == {"city.ServiceRequest": "department__code"}


def test_a_telephone_of_staff_needs_a_purpose() -> None:
    for label in ("school.Teacher.phone", "hospital.StaffMember.phone"):
        assert all_grades()[label].grade is Grade.L4


def test_every_field_of_every_platform_model_is_graded() -> None:
    fields = {
        f"{model._meta.label}.{field.name}"
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models()
        for field in model._meta.concrete_fields
    }
    assert fields == set(all_grades())
