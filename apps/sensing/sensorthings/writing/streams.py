"""Sensors, observed properties and datastreams; a datastream gets the kind, key and rules that ours have."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.domains import domain_get
from apps.sensing.models import Datastream, ObservedProperty, Sensor, Thing
from apps.sensing.sensorthings.access import writing_required
from apps.sensing.sensorthings.writing.context import Given, Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.units import unit_given

LONGEST_NAME, LONGEST_TEXT, LONGEST_KIND = 200, 1000, 36
LIMIT = 1e12  # of a stream whose plausible values nobody has told
MAX_AGE, INTERVAL = 86_400, 60  # seconds
YEAR = 31_536_000
MEASUREMENT_ENDINGS = ("", "OM_Measurement")


def sensor_facts(fields: Fields) -> dict[str, Any]:
    """The columns of a sensor that a body may set."""
    return {
        "name": fields.text("name", most=LONGEST_NAME, required=True),
        "description": fields.text("description", most=LONGEST_TEXT),
        "encoding_type": fields.text("encodingType", most=80),
        "metadata": fields.json("metadata"),
        "properties": fields.object("properties"),
    }


def sensor_create(writing: Writing, fields: Fields, _given: Given) -> Sensor:
    """A sensor of the domain of the one who writes."""
    facts, domain = sensor_facts(fields), writing.domain(fields)
    writing_required(writing.domains, domain)
    made = Sensor.objects.create(domain=domain, **facts)
    for inner in fields.each("Datastreams"):
        writing.create("Datastream", inner, {"Sensor": made})
    return made


def property_facts(fields: Fields) -> dict[str, Any]:
    """The columns of an observed property that a body may set."""
    return {
        "name": fields.text("name", most=80, required=True),
        "definition": fields.text("definition", most=500),
        "description": fields.text("description", most=LONGEST_TEXT),
        "properties": fields.object("properties"),
    }


def property_create(writing: Writing, fields: Fields, _given: Given) -> ObservedProperty:
    """An observed property. All domains share them, so the same name and definition is the same one."""
    writing_required(writing.domains)
    facts = property_facts(fields)
    titles = {"title_zh": facts["name"], "title_en": facts["name"]}
    made, is_new = ObservedProperty.objects.get_or_create(name=facts["name"], defaults=facts | titles)
    if not is_new and facts["definition"] not in {"", made.definition}:
        detail = _("There is another observed property of this name; link to it or choose another name.")
        raise fields.fault("name", detail, "known")
    for inner in fields.each("Datastreams"):
        writing.create("Datastream", inner, {"ObservedProperty": made})
    return made


def stream_facts(fields: Fields, *, about: str = "") -> dict[str, Any]:
    """The columns of a datastream that a body may set; ``about`` are names of what it measures."""
    kind = fields.text("observationType", most=200)
    if not kind.endswith(MEASUREMENT_ENDINGS) or (kind and kind.rpartition("/")[2] != "OM_Measurement"):
        raise fields.fault("observationType", _("Only OM_Measurement is taken: results are numbers."), "type")
    words = " ".join(str(fields.values.get(name, "")) for name in ("name", "description"))
    unit, given = unit_given(fields, about=f"{words} {about}")
    return {
        "name": fields.text("name", most=LONGEST_NAME, required=True),
        "description": fields.text("description", most=LONGEST_TEXT),
        "properties": fields.object("properties"),
        "unit": unit,
        "unit_given": given,
    }


def stream_create(writing: Writing, fields: Fields, given: Given) -> Datastream:
    """A datastream of a thing, with the readings that stand in its body."""
    thing = writing.needed("Thing", fields, given)
    measured = writing.needed("ObservedProperty", fields, given)
    facts = stream_facts(fields, about=f"{measured.name} {measured.title_zh} {measured.title_en}")
    sensor = writing.needed("Sensor", fields, given)
    writing_required(writing.domains, thing.domain)
    sensor_require(fields, sensor, thing)
    kind = kind_free(thing, str(facts["properties"].get("kind") or measured.name))
    made = Datastream.objects.create(
        thing=thing,
        sensor=sensor,
        observed_property=measured,
        kind=kind,
        key=f"{thing.domain}.{thing.code}.{kind}",
        **facts,
        **rules_of(fields, thing.domain, kind, facts["unit"]),
    )
    for inner in fields.each("Observations"):
        writing.create("Observation", inner, {"Datastream": made})
    return made


def sensor_require(fields: Fields, sensor: Sensor | None, thing: Thing) -> None:
    """A sensor serves the things of its own domain."""
    if sensor is not None and sensor.domain != thing.domain:
        raise fields.fault("Sensor", _("The sensor belongs to another domain."), "domain")


def kind_free(thing: Thing, wish: str) -> str:
    """A kind that no other datastream of the thing has."""
    stem = (slugify(wish, allow_unicode=True) or "reading")[:LONGEST_KIND]
    known = set(Datastream.objects.filter(thing=thing).values_list("kind", flat=True))
    names = (f"{stem}-{number}" if number else stem for number in range(len(known) + 1))
    return next(name for name in names if name not in known)


def rules_of(fields: Fields, domain: str, kind: str, unit: str) -> dict[str, Any]:
    """Limits for the quality rules: the domain's for its own kinds, else the properties', else very wide."""
    declared = {item.key: item for item in domain_get(domain).kinds}.get(kind)
    if declared is not None and declared.unit == unit:
        names = ("low", "high", "max_step", "stuck_after", "interval", "max_age")
        return {name: getattr(declared, name) for name in names}
    inner = Fields(fields.object("properties"), f"{fields.path}.properties".strip("."))
    low, high = inner.number("low", -LIMIT), inner.number("high", LIMIT)
    if low >= high:
        raise inner.fault("low", _("The lowest value must lie below the highest."), "order")
    interval, max_age = inner.number("interval", INTERVAL), inner.number("maxAge", MAX_AGE)
    for name, value in (("interval", interval), ("maxAge", max_age)):
        if not 1 <= value <= YEAR:
            raise inner.fault(name, _("Give seconds, from 1 to one year."), "range")
    return {"low": low, "high": high, "interval": int(interval), "max_age": int(max_age)}
