"""Entries made from what the domains declare; people complete them, a repeat changes only the items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import translation

from apps.accounts.selectors import department_get
from apps.catalogue.data import DatasetKind, UpdateCycle
from apps.catalogue.models import Dataset
from apps.core.domains import Domain, all_domains
from apps.core.encryption import given_fields

READING = ("datastream", "phenomenon_time", "result", "quality")
BRANCH = "部门类"  # the branch of the catalogue guide for what one department provides
LIVE_SECONDS = 3600  # kinds that are read at least hourly are live


@dataclass(frozen=True, slots=True)
class Found:
    """Something of a domain that can be shared."""

    kind: DatasetKind
    code: str  # "city.RoadSegment", "city.layer.roads" or "city.stream.speed"
    object_type: str
    names: tuple[str, str]  # Chinese, English
    fields: tuple[str, ...]
    cycle: str


@transaction.atomic
def catalogue_sync() -> int:
    """Make the entries that are missing and renew the items of those that exist; returns how many are new."""
    made = 0
    for domain in all_domains():
        for found in shareable(domain):
            made += entry_sync(domain, found)
    return made


def shareable(domain: Domain) -> Iterator[Found]:
    """Every object type, map layer and kind of reading of a domain."""
    for name in sorted({key.partition(".")[0] for key in domain.privacy}):
        label = f"{domain.slug}.{name}"
        yield Found(DatasetKind.OBJECT, label, label, _model_names(label), _fields(label), "")
    for layer in domain.layers:
        fields = ("id", *layer.properties, "geometry")
        cycle = UpdateCycle.REALTIME if layer.live else ""
        code = f"{domain.slug}.layer.{layer.key}"
        yield Found(DatasetKind.LAYER, code, layer.model, _names(layer.title), fields, cycle)
    for kind in domain.kinds:
        cycle = UpdateCycle.REALTIME if kind.interval <= LIVE_SECONDS else UpdateCycle.DAILY
        code = f"{domain.slug}.stream.{kind.key}"
        yield Found(DatasetKind.STREAM, code, "sensing.Observation", _names(kind.title), READING, cycle)


def entry_sync(domain: Domain, found: Found) -> bool:
    """Make one entry, or renew its items; returns whether it is new."""
    provider = department_get(domain.owner)
    items = [_item(found.object_type, name) for name in found.fields]
    row, made = Dataset.objects.get_or_create(
        code=found.code,
        defaults={
            "kind": found.kind,
            "domain": domain.slug,
            "object_type": found.object_type,
            "name_zh": found.names[0],
            "name_en": found.names[1],
            "class_category": BRANCH,
            "class_item": provider.name_zh,
            "class_name": _names(domain.title)[0],
            "provider": provider,
            "format": "JSON",
            "items": items,
            "update_cycle": found.cycle,
        },
    )
    if not made and row.items != items:
        Dataset.objects.filter(pk=row.pk).update(items=items)
    return made


def _fields(label: str) -> tuple[str, ...]:
    return tuple(field.name for field in given_fields(apps.get_model(label)))


def _item(label: str, name: str) -> dict[str, Any]:
    field: Any = apps.get_model(label)._meta.get_field(name)
    title_zh, title_en = _names(field.verbose_name)
    return {"name": name, "title": title_zh, "title_en": title_en, "type": field.get_internal_type()}


def _model_names(label: str) -> tuple[str, str]:
    return _names(apps.get_model(label)._meta.verbose_name_plural)


def _names(title: Any) -> tuple[str, str]:
    with translation.override("zh-hans"):
        chinese = str(title)
    with translation.override("en"):
        return chinese, str(title)
