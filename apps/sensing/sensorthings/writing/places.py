"""Locations, past locations and features of interest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.models import Datastream, FeatureOfInterest, HistoricalLocation, Location, Thing
from apps.sensing.sensorthings.access import writing_required
from apps.sensing.sensorthings.writing.context import Given, Writing
from apps.sensing.sensorthings.writing.fields import Fields

LONGEST_NAME, LONGEST_TEXT = 200, 1000
ENCODINGS = {"", "application/geo+json", "application/vnd.geo+json"}


def place_facts(fields: Fields, shape: str) -> dict[str, Any]:
    """The columns of a location or feature of interest."""
    encoding = fields.text("encodingType", most=80)
    if encoding not in ENCODINGS:
        raise fields.fault("encodingType", _("Places are given as application/geo+json."), "encoding")
    return {
        "name": fields.text("name", most=LONGEST_NAME, required=True),
        "description": fields.text("description", most=LONGEST_TEXT),
        "encoding_type": encoding or "application/geo+json",
        "geometry": fields.geometry(shape),
        "properties": fields.object("properties"),
    }


def location_create(writing: Writing, fields: Fields, given: Given) -> Location:
    """A location, and where things are named, their new place."""
    things = writing.many("Thing", fields, "Things", given)
    facts = place_facts(fields, "location")
    first = things[0] if things else None
    domain = first.domain if first else writing.domain(fields)
    division = first.division if first else writing.viewer.division
    writing_required(writing.domains, domain)
    made = Location.objects.create(domain=domain, division=division, **facts)
    for thing in things:
        locations_set(writing, thing, [made])
    past = given.get("HistoricalLocation")
    if past is not None:
        writing.rights.require("HistoricalLocation")
        if past.thing.domain != domain:
            raise fields.fault("", _("The place belongs to another domain or division."), "domain")
        past.locations.add(made)
    return made


def locations_set(writing: Writing, thing: Thing, locations: Iterable[Location]) -> None:
    """Where a thing is from now on; the move is written down. Places of another domain are refused."""
    writing.rights.require("Thing")
    writing_required(writing.domains, thing.domain)
    wanted = list(locations)
    for place in wanted:
        writing_required(writing.domains, place.domain)
        if place.domain != thing.domain or place.division not in {"", thing.division}:
            detail = _("The place belongs to another domain or division.")
            raise ProblemError(detail, "Locations", code="domain")
    thing.locations.set(wanted)
    HistoricalLocation.objects.create(thing=thing, time=timezone.now()).locations.set(wanted)


def historical_create(writing: Writing, fields: Fields, given: Given) -> HistoricalLocation:
    """Where a thing was; the locations must exist or are made."""
    thing = writing.needed("Thing", fields, given)
    writing_required(writing.domains, thing.domain)
    places = writing.many("Location", fields, "Locations", given)
    if not places:
        raise fields.fault("Locations", _("The field is missing."), "missing")
    made = HistoricalLocation.objects.create(thing=thing, time=fields.moment("time"))
    made.locations.set(place for place in places if place.domain == thing.domain)
    return made


def feature_create(writing: Writing, fields: Fields, given: Given) -> FeatureOfInterest:
    """A feature of interest; it takes domain and division from the thing that it is made for."""
    stream = given.get("Datastream")
    domain = stream.thing.domain if stream else writing.domain(fields)
    division = stream.thing.division if stream else writing.viewer.division
    writing_required(writing.domains, domain)
    facts = place_facts(fields, "feature")
    return FeatureOfInterest.objects.create(domain=domain, division=division, **facts)


def feature_from_place(stream: Datastream) -> FeatureOfInterest | None:
    """What the readings of a stream are about when nobody says: the place of its thing (18-088, 8.2.8)."""
    place = stream.thing.locations.order_by("pk").first()
    if place is None:
        return None
    facts = {name: getattr(place, name) for name in ("name", "description", "geometry", "properties")}
    where = {"domain": stream.thing.domain, "division": stream.thing.division}
    return FeatureOfInterest.objects.create(**facts, **where, encoding_type=place.encoding_type)
