"""A live layer with features and a key that may read it; runs inside the benchmark's Django."""

from __future__ import annotations

import json

from django.contrib.gis.geos import Point

from apps.accounts.services import api_key_create
from apps.domains.school.models import School
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts
from tests.people import person


def seed(count: int) -> str:
    """JSON with ``key`` and ``streams``, the ids of the datastreams of ``count`` schools."""
    viewer = person("reader", roles=["school-viewer"])
    _row, key = api_key_create(viewer, name="reader", domain="school", scopes=["read"])
    facts = [ThingFacts(f"L{number:04}", f"School {number}") for number in range(count)]
    things = things_register(domain="school", things=facts)
    streams = datastreams_register(domain="school", things=things, kinds=["co2"])
    for number, (code, thing) in enumerate(things.items()):
        place = Point(118 + number * 0.001, 24.4, srid=4326)
        School.objects.create(code=code, name=code, geometry=place, thing=thing)
    return json.dumps({"key": key, "streams": [stream.pk for stream in streams.values()]})
