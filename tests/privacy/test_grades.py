"""Every field of every model of ours has a grade."""

from __future__ import annotations

from django.apps import apps

from apps.privacy.services.kernel import all_grades


def test_every_field_of_every_platform_model_is_graded() -> None:
    fields = {
        f"{model._meta.label}.{field.name}"
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models()
        for field in model._meta.concrete_fields
    }
    assert fields == set(all_grades())
