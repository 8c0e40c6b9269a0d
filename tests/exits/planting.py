"""Rows whose every text field holds a word that occurs nowhere else: a canary.

Works on any model, so that a field added tomorrow is watched without a change here.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains, layers_by_id
from apps.core.models import Job
from apps.privacy.data import RowFacts
from apps.privacy.policy.facts import paths_of
from apps.privacy.services import decide
from apps.privacy.services.kernel import all_grades
from apps.sensing.services.partitions import partitions_ensure
from apps.training.services import forecasts_ahead

PLATFORM_DOMAIN = "city"
MARK = b"ZQX"
WORD = re.compile(rb"ZQX[0-9a-f]{5,9}")
FOUR_EYES = {"catalogue", "privacy"}  # who asks or drafts never decides
UNIQUE_NUMBER = 4021  # no row of the platform itself has it
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
    models.UUIDField: "00000000-0000-4000-8000-000000000007",
}

DECIDED = {"catalogue", "privacy"}  # their rows are decided by somebody else than who made them


Planted = dict[tuple[type[models.Model], str], models.Model]


def canary(label: str, domain: str) -> str:
    """The word for one field of one domain's row: three letters of marking and nine of its own."""
    return "ZQX" + hashlib.sha256(f"{label}@{domain}".encode()).hexdigest()[:9]


def _text(field: models.Field[Any, Any], domain: str) -> str:
    label = f"{field.model._meta.label}.{field.name}"
    return canary(label, domain)[: field.max_length or 12]


def home_of(model: Any, domain: str) -> str:
    """The domain of a row of ``model`` that was planted for a row of ``domain``; "" where rows have none."""
    if model._meta.app_label in {declared.slug for declared in all_domains()}:
        return str(model._meta.app_label)
    return domain if hasattr(model, "DOMAIN_PATH") else ""


def _special(field: models.Field[Any, Any], domain: str) -> Any:
    """Values that a text field must have so that its row belongs somewhere."""
    if field.choices and not isinstance(field, models.JSONField):
        return next(iter(field.flatchoices))[0]
    return {"domain": domain, "division": "", "unit": "km/h"}.get(field.name)


def _value(field: models.Field[Any, Any], planted: Planted, domain: str) -> Any:
    if isinstance(field, models.ForeignKey):
        is_loop = field.null and field.related_model is field.model
        is_second = field.null and field.model._meta.app_label in FOUR_EYES and _is_person(field)
        return None if is_loop or is_second else plant(field.related_model, planted, domain)
    if isinstance(field, GeometryField):
        return GEOSGeometry(SHAPES.get(field.geom_type, SHAPES["POINT"]), srid=field.srid)
    if (special := _special(field, domain)) is not None:
        return special
    if field.unique and isinstance(field, models.IntegerField):
        return UNIQUE_NUMBER
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        return _text(field, home_of(field.model, domain))
    is_open = field.null and isinstance(field, models.DateField | models.TimeField)
    return (
        None if is_open else next((value for kind, value in PLAIN.items() if isinstance(field, kind)), None)
    )


def _is_person(field: Any) -> bool:
    """A second person: there is one user here, and who asks never decides."""
    return field.related_model is get_user_model()


def plant(model: Any, planted: Planted, domain: str) -> models.Model:
    """One row of ``model`` full of canaries, and of whatever it refers to, all of one domain."""
    key = (model, home_of(model, domain))
    if key in planted:
        return planted[key]
    values = {
        field.name: _value(field, planted, key[1] or domain)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.GeneratedField)
        and not (field.primary_key and not field.remote_field)
    }
    planted[key] = model.objects.create(**values)
    return planted[key]


def plant_all() -> dict[type[models.Model], models.Model]:
    """One row of every model of ours that can be shown; rows of the platform belong to the city."""
    partitions_ensure(start=NOW, end=NOW)
    forecasts_ahead(now=NOW)
    planted: Planted = {}
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and config.label not in {"accounts", "audit"}:
            for model in config.get_models():
                plant(model, planted, PLATFORM_DOMAIN)
    Job.objects.update(state="running")
    return {
        model: row
        for (model, domain), row in planted.items()
        if domain in {"", home_of(model, PLATFORM_DOMAIN)}
    }


def canaries() -> dict[str, tuple[str, str]]:
    """``canary -> ("city.ServiceRequest.reporter_name", "city")`` for every planted text field."""
    found = {}
    for label in all_grades():
        app, name_of_model, name = label.split(".")
        model = apps.get_model(app, name_of_model)
        field = model._meta.get_field(name)
        if app in {"accounts", "audit"} or not _is_planted(field):
            continue
        for domain in {home_of(model, declared.slug) for declared in all_domains()}:
            found[_text(field, domain)] = (label, domain)
    return found


def public_of(path: str) -> set[str]:
    """The models whose outlines and names everybody sees on the map and in its tiles, and nowhere else."""
    return {
        layer.model
        for layer_id, (_domain, layer) in layers_by_id().items()
        if layer.public
        and re.match(
            rf"/(api/v1/maps/features/{layer_id}|tiles/{layer_id}|ogc/collections/{layer_id}/tiles)/", path
        )
    }


def leaks(user: User, found: bytes, words: dict[str, tuple[str, str]], *, at: str) -> list[str]:
    """The canaries in what left that the kernel does not show clear to this user.

    The planted people are grown up, have agreed, and belong to no department.
    """
    viewer, faults = viewer_for(user), []
    public = public_of(at)
    for word in set(WORD.findall(found)):
        label, domain = words.get(word.decode(), ("", ""))
        object_type, _, field = label.rpartition(".")
        minor = bool(label) and paths_of(apps.get_model(object_type)).is_minor
        facts = RowFacts(domain=domain, is_minor=minor)
        if object_type in public:
            continue
        if label and not decide(viewer, object_type, field, facts=facts).is_clear:
            faults.append(f"{user.username} reads {label} of {domain or 'the platform'} at {at}")
    return faults


def _is_planted(field: Any) -> bool:
    text = isinstance(field, models.CharField | models.TextField)
    special = field.name in {"domain", "division", "unit"} or isinstance(field, models.GenericIPAddressField)
    return text and not special and not field.choices and (field.max_length or 12) >= 8
