"""POST: an entity with whatever its body links to or brings along, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.sensing.sensorthings.access import Rights
from apps.sensing.sensorthings.addresses import Place
from apps.sensing.sensorthings.catalogue import BY_MODEL
from apps.sensing.sensorthings.sight import Sight
from apps.sensing.sensorthings.writing.context import Creator, Writing
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.observations import observation_create, readings_write
from apps.sensing.sensorthings.writing.places import feature_create, historical_create, location_create
from apps.sensing.sensorthings.writing.streams import property_create, sensor_create, stream_create
from apps.sensing.sensorthings.writing.things import thing_create

CREATORS: dict[str, Creator] = {
    "Thing": thing_create,
    "Location": location_create,
    "HistoricalLocation": historical_create,
    "Sensor": sensor_create,
    "ObservedProperty": property_create,
    "Datastream": stream_create,
    "Observation": observation_create,
    "FeatureOfInterest": feature_create,
}


def writing_begin(sight: Sight, rights: Rights) -> Writing:
    """A request that writes."""
    return Writing(sight, rights, CREATORS)


@transaction.atomic
def entity_create(writing: Writing, place: Place, body: Any) -> dict[str, Any]:
    """Make what the body says in the collection at ``place``; returns the condition for the new row's key."""
    if place.is_single or place.property or place.ending:
        raise ProblemError(_("Post to a collection, such as Things or Datastreams(1)/Observations."), "", 405)
    name, given = place.entity.name, {}
    if place.parent is not None:
        given[BY_MODEL[type(place.parent)].name] = place.parent
    made = writing.create(name, Fields.of(body), given)
    stored = readings_write(writing)
    if name == "Observation":
        return stored[0]
    access_record(Act("create", writing.viewer.user_id, made._meta.label, str(made.pk), rows=writing.made))
    return {"pk": made.pk}
