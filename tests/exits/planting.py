"""Rows whose every text field holds a word that occurs nowhere else: a canary.

Works on any model, so that a field added tomorrow is watched without a change here.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.core.models import Job
from apps.privacy.services.kernel import all_grades
from apps.sensing.services.partitions import partitions_ensure

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
SHAPES = {
    "POINT": "POINT(118.05 24.45)",
    "LINESTRING": "LINESTRING(118.05 24.45, 118.06 24.46)",
    "POLYGON": "POLYGON((118 24.4, 118.1 24.4, 118.1 24.5, 118 24.5, 118 24.4))",
    "MULTIPOLYGON": "MULTIPOLYGON(((118 24.4, 118.1 24.4, 118.1 24.5, 118 24.5, 118 24.4)))",
}
PLAIN: dict[type[models.Field[Any, Any]], Any] = {
    models.DateTimeField: NOW,
    models.DateField: date(1987, 6, 5),
    models.TimeField: time(9, 0),
    models.DurationField: timedelta(minutes=5),
    models.BooleanField: True,
    models.FloatField: 1.0,
    models.IntegerField: 1,
    models.JSONField: {},
    ArrayField: [],
    models.GenericIPAddressField: "10.9.8.7",
}


def canary(label: str) -> str:
    """The word for one field: three letters of marking and nine of the field's own."""
    return "ZQX" + hashlib.sha256(label.encode()).hexdigest()[:9]


def _text(field: models.Field[Any, Any]) -> str:
    label = f"{field.model._meta.label}.{field.name}"
    return canary(label)[: field.max_length or 12]


def _special(field: models.Field[Any, Any]) -> Any:
    """Values that a text field must have so that its row belongs somewhere."""
    if field.choices and not isinstance(field, models.JSONField):
        return next(iter(field.flatchoices))[0]
    if field.name == "domain":
        return "city"
    return {"division": "", "unit": "km/h", "code": None}.get(field.name)


def _value(field: models.Field[Any, Any], planted: dict[type[models.Model], models.Model]) -> Any:
    if field.null and isinstance(field, models.DateField | models.TimeField):
        return None
    if isinstance(field, models.ForeignKey):
        return (
            None if field.null and field.related_model is field.model else plant(field.related_model, planted)
        )
    if isinstance(field, GeometryField):
        return GEOSGeometry(SHAPES.get(field.geom_type, SHAPES["POINT"]), srid=field.srid)
    if (special := _special(field)) is not None:
        return special
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        return _text(field)
    return next((value for kind, value in PLAIN.items() if isinstance(field, kind)), None)


def plant(model: Any, planted: dict[type[models.Model], models.Model]) -> models.Model:
    """One row of ``model`` full of canaries, and of whatever it refers to."""
    if model in planted:
        return planted[model]
    values = {
        field.name: _value(field, planted)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.GeneratedField)
        and not (field.primary_key and not field.remote_field)
    }
    planted[model] = model.objects.create(**values)
    return planted[model]


def plant_all() -> dict[type[models.Model], models.Model]:
    """One row of every managed model of ours that can be shown, and one of the observations."""
    partitions_ensure(start=NOW, end=NOW)
    planted: dict[type[models.Model], models.Model] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and config.label not in {"accounts", "audit"}:
            for model in config.get_models():
                plant(model, planted)
    Job.objects.update(state="running")
    return planted


def canaries() -> dict[str, str]:
    """``canary -> "city.ServiceRequest.reporter_name"`` for every planted text field."""
    found = {}
    for label in all_grades():
        app, model, name = label.split(".")
        field = apps.get_model(app, model)._meta.get_field(name)
        if app not in {"accounts", "audit"} and _is_planted(field):
            found[_text(field)] = label
    return found


def _is_planted(field: Any) -> bool:
    text = isinstance(field, models.CharField | models.TextField) and not isinstance(
        field, models.GenericIPAddressField
    )
    return (
        text
        and not field.choices
        and field.name not in {"domain", "division", "unit"}
        and (field.max_length or 12) >= 8
    )
