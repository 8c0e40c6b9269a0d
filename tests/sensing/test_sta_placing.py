"""Places of things that domains bring along."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point

from apps.sensing.models import HistoricalLocation, Location
from apps.sensing.services.placing import things_place
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db


def test_a_thing_gets_its_place_once() -> None:
    things = [stream.thing for stream in school_streams(3)]
    geometries = {thing.code: Point(118.1, 24.5, srid=4326) for thing in things[:2]}
    assert things_place(things, geometries=geometries) == 2
    assert things_place(things, geometries=geometries) == 0
    assert Location.objects.get(things=things[0]).domain == "school"
    assert HistoricalLocation.objects.get(thing=things[1]).locations.count() == 1
