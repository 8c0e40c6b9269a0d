"""Rules that hold for every domain, including those added later."""

from __future__ import annotations

import re

import pytest
from django.apps import apps as django_apps
from django.contrib import admin
from django.contrib.gis.db.models import GeometryField
from django.db.models import GeneratedField
from django.utils.module_loading import import_string

from apps.core.domains import Domain, all_domains
from apps.core.units import unit_is_known


@pytest.fixture(params=list(all_domains()), ids=lambda domain: domain.slug)
def domain(request: pytest.FixtureRequest) -> Domain:
    found: Domain = request.param
    return found


def test_slug_is_the_app_label(domain: Domain) -> None:
    assert django_apps.get_app_config(domain.slug).name == f"apps.domains.{domain.slug}"


def test_slug_is_a_short_word(domain: Domain) -> None:
    assert re.fullmatch(r"[a-z]{3,16}", domain.slug)


def test_every_field_has_a_grade_and_every_grade_a_field(domain: Domain) -> None:
    fields = {
        f"{model.__name__}.{field.name}"
        for model in django_apps.get_app_config(domain.slug).get_models()
        for field in model._meta.concrete_fields
    }
    assert set(domain.privacy) == fields


def test_every_model_has_a_portal_page(domain: Domain) -> None:
    models = set(django_apps.get_app_config(domain.slug).get_models())
    assert models <= set(admin.site._registry)


def test_every_layer_names_a_model_with_both_geometries(domain: Domain) -> None:
    for layer in domain.layers:
        fields = {field.name: field for field in django_apps.get_model(layer.model)._meta.concrete_fields}
        assert isinstance(fields["geometry"], GeometryField)
        assert isinstance(fields["geometry_3857"], GeneratedField)
        assert {*layer.properties, layer.label} <= set(fields)


def test_every_live_layer_names_a_declared_kind_and_has_a_thing(domain: Domain) -> None:
    kinds = {kind.key for kind in domain.kinds}
    for layer in domain.layers:
        if layer.live:
            assert layer.live in kinds
            assert django_apps.get_model(layer.model)._meta.get_field("thing")


def test_every_unit_is_ucum(domain: Domain) -> None:
    assert not [kind.unit for kind in domain.kinds if not unit_is_known(kind.unit)]


def test_everything_named_by_path_can_be_imported(domain: Domain) -> None:
    paths = [
        domain.seed,
        domain.simulator,
        *(r.graph for r in domain.recipes),
        *(p.build for p in domain.problems),
        *(data.rows for data in domain.statistics),
        *(column.register for data in domain.statistics for column in data.columns),
    ]
    for path in filter(None, paths):
        assert import_string(path)
