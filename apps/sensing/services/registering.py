"""Things and datastreams of a domain, made from its declarations; safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation

from apps.accounts.selectors import department_get
from apps.core.declarations import StreamKind
from apps.core.domains import domain_get
from apps.sensing.models import Datastream, ObservedProperty, Sensor, Thing


@dataclass(frozen=True, slots=True)
class ThingFacts:
    """What is needed to make a thing."""

    code: str
    name: str
    division: str = ""


@transaction.atomic
def things_register(*, domain: str, things: Iterable[ThingFacts], owner: str = "") -> dict[str, Thing]:
    """Make or rename the things of ``domain``; returns them by code. The owner is the domain's department."""
    department = department_get(owner or domain_get(domain).owner)
    rows = [
        Thing(domain=domain, code=item.code, name=item.name, division=item.division, owner=department)
        for item in things
    ]
    Thing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["domain", "code"],
        update_fields=["name", "division"],
        batch_size=1000,
    )
    codes = [row.code for row in rows]
    return {thing.code: thing for thing in Thing.objects.filter(domain=domain, code__in=codes)}


@transaction.atomic
def datastreams_register(
    *, domain: str, things: Mapping[str, Thing], kinds: Iterable[str]
) -> dict[str, Datastream]:
    """One datastream of each kind for each thing, with the kind's unit and rules; returns them by key."""
    declared = [domain_get(domain).kind(key) for key in kinds]
    rows = [
        _datastream(domain, thing, kind, property_, sensor)
        for kind in declared
        for property_, sensor in [(_observed_property(kind), _sensor(domain, kind))]
        for thing in things.values()
    ]
    Datastream.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    keys = [row.key for row in rows]
    for sensor in {row.sensor for row in rows}:  # of streams from before, which name none
        bare = Datastream.objects.filter(key__in=[row.key for row in rows if row.sensor == sensor])
        bare.filter(sensor=None).update(sensor=sensor)
    return {stream.key: stream for stream in Datastream.objects.filter(key__in=keys).select_related("thing")}


def _observed_property(kind: StreamKind) -> ObservedProperty:
    titles = {}
    for language, field in (("zh-hans", "title_zh"), ("en", "title_en")):
        with translation.override(language):
            titles[field] = str(kind.title)
    found, _created = ObservedProperty.objects.get_or_create(name=kind.observed_property, defaults=titles)
    return found


def _sensor(domain: str, kind: StreamKind) -> Sensor:
    """What measures, as far as the declaration knows it: SensorThings wants a sensor of every datastream."""
    sheet = {"unit": kind.unit, "low": kind.low, "high": kind.high, "interval": kind.interval}
    known = Sensor.objects.filter(domain=domain, name=f"{domain}.{kind.key}").order_by("pk").first()
    return known or Sensor.objects.create(
        domain=domain, name=f"{domain}.{kind.key}", encoding_type="application/json", metadata=sheet
    )


def _datastream(
    domain: str, thing: Thing, kind: StreamKind, observed: ObservedProperty, sensor: Sensor
) -> Datastream:
    return Datastream(
        thing=thing,
        sensor=sensor,
        kind=kind.key,
        key=f"{domain}.{thing.code}.{kind.key}",
        observed_property=observed,
        unit=kind.unit,
        low=kind.low,
        high=kind.high,
        max_step=kind.max_step,
        stuck_after=kind.stuck_after,
        interval=kind.interval,
        max_age=kind.max_age,
    )
