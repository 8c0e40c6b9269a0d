"""PATCH (what is named changes), PUT (the whole entity is given), DELETE (what holds readings is retired)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.sensing.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)
from apps.sensing.sensorthings.access import writing_required
from apps.sensing.sensorthings.addresses import Place
from apps.sensing.sensorthings.writing.changing import observation_change, observation_drop, stream_links
from apps.sensing.sensorthings.writing.context import Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.members import changed_require, stored_body
from apps.sensing.sensorthings.writing.places import locations_set, place_facts
from apps.sensing.sensorthings.writing.streams import property_facts, sensor_facts, stream_facts
from apps.sensing.sensorthings.writing.things import thing_facts

CONFLICT = 409
FACTS: dict[type[Model], Callable[[Fields], dict[str, Any]]] = {
    Thing: thing_facts,
    Location: lambda fields: place_facts(fields, "location"),
    FeatureOfInterest: lambda fields: place_facts(fields, "feature"),
    HistoricalLocation: lambda fields: {"time": fields.moment("time")},
    Sensor: sensor_facts,
    ObservedProperty: property_facts,
    Datastream: stream_facts,
}


@transaction.atomic
def entity_update(writing: Writing, place: Place, changes: Any, *, whole: bool) -> None:
    """Change the entity at ``place``; what is not named stays, or goes when ``changes`` are the whole."""
    row = place.rows.annotate(**place.entity.extras).first() or place.row()
    writing.rights.require(place.entity.name)
    domain_require(writing, row)
    changed_require(Fields.of(changes), place.entity, row)
    fields = Fields(changes if whole else stored_body(place.entity, row) | changes)
    if isinstance(row, Observation):
        observation_change(writing, row, Fields.of(changes))
        return
    facts = FACTS[type(row)](fields)
    if isinstance(row, Datastream):
        facts |= stream_links(writing, row, fields, facts)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    if isinstance(row, Thing) and changes.get("Locations"):
        locations_set(writing, row, writing.many("Location", Fields.of(changes), "Locations", {}))
    access_record(Act("change", writing.viewer.user_id, row._meta.label, str(row.pk)))


@transaction.atomic
def entity_delete(writing: Writing, place: Place) -> None:
    """Take the entity away. Things and datastreams with readings are retired, nothing is destroyed."""
    row = place.row()
    writing.rights.require(place.entity.name)
    domain_require(writing, row)
    if isinstance(row, Observation):
        observation_drop(writing, row)
        return
    access_record(Act("delete", writing.viewer.user_id, row._meta.label, str(row.pk)))
    if isinstance(row, Thing):
        thing_retire(row)
    elif isinstance(row, Datastream):
        stream_retire(row)
    else:
        _delete(row)


def thing_retire(thing: Thing) -> None:
    """Without a thing its datastreams are gone too; what had readings stays in the archive."""
    for stream in Datastream.objects.filter(thing=thing):
        stream_retire(stream)
    if Datastream.objects.filter(thing=thing).exists():
        Thing.objects.filter(pk=thing.pk).update(active=False)
    else:
        _delete(thing)


def stream_retire(stream: Datastream) -> None:
    """Delete a datastream that has never been used, else switch it off."""
    if Observation.objects.filter(datastream=stream).exists():
        Datastream.objects.filter(pk=stream.pk).update(active=False)
        return
    try:
        with transaction.atomic():
            stream.delete()
    except ProtectedError:
        Datastream.objects.filter(pk=stream.pk).update(active=False)


def _delete(row: Model) -> None:
    try:
        row.delete()
    except ProtectedError as error:
        detail = _("Datastreams still use this; link them to another one first.")
        raise ProblemError(detail, "", CONFLICT, "used") from error


def domain_require(writing: Writing, row: Any) -> None:
    """ProblemError 403 where the row belongs to a domain that the caller may not write.

    An observed property, or a sensor, belongs to all domains whose datastreams use it.
    """
    writing_required(writing.domains)
    if isinstance(row, ObservedProperty | Sensor):
        for domain in set(row.datastreams.values_list("thing__domain", flat=True)):
            writing_required(writing.domains, domain)
    if isinstance(row, ObservedProperty):
        return
    value = row
    for part in row.DOMAIN_PATH.split("__"):
        value = getattr(value, part)
    writing_required(writing.domains, str(value))
