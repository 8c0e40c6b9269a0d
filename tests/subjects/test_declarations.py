"""What the domains declare about people hangs together, also in a domain that is added later."""

from __future__ import annotations

import pytest
from django.apps import apps

from apps.core.grades import Category, Grade
from apps.privacy.services.kernel import all_grades
from apps.subjects.data import Identifier
from apps.subjects.selectors.records import model_of, records

PEOPLE = {Category.IDENTITY, Category.CONTACT, Category.HEALTH, Category.MINOR}


@pytest.fixture(params=list(records()))
def label(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_field_that_a_declaration_names_exists(label: str) -> None:
    _slug, record = records()[label]
    names = {field.name for field in model_of(label)._meta.concrete_fields}
    asked = {*record.identity.values(), *record.blank, *record.soften, *record.correctable}
    asked |= {keep.since for keep in record.keeps} | {keep.only[0] for keep in record.keeps if keep.only}
    assert asked - {""} <= names
    assert set(record.identity) <= set(Identifier.values)


def test_a_record_is_found_by_an_identity_or_hangs_on_one(label: str) -> None:
    _slug, record = records()[label]
    assert record.identity or record.root


def test_anonymising_empties_every_identity_field(label: str) -> None:
    _slug, record = records()[label]
    if record.erase == "anonymise":
        assert set(record.identity.values()) <= set(record.blank)


def test_what_is_softened_has_a_mask(label: str) -> None:
    _slug, record = records()[label]
    assert all(all_grades()[f"{label}.{name}"].mask != "none" for name in record.soften)


def test_every_model_with_personal_fields_is_declared() -> None:
    """A domain that grades a field as personal and declares no record would hide it from its subject."""
    slugs = {slug for slug, _record in records().values()}
    personal = {
        key.rpartition(".")[0]
        for key, grade in all_grades().items()
        if key.partition(".")[0] in slugs and grade.grade >= Grade.L3 and grade.category in PEOPLE
    }
    assert personal <= set(records())
    assert all(apps.get_model(label) for label in records())
