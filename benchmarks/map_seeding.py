"""Rows for the benchmarks of live feed and tiles; run inside ``manage.py shell``, prints what is needed."""

from __future__ import annotations

from datetime import time
from importlib import import_module

import numpy as np
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.gis.geos import LineString, Point

from apps.accounts.services.keys import api_key_create
from apps.core.domains import domain_get
from apps.domains.city.models import InspectionSite, RoadSegment
from apps.sensing.services.registering import ThingFacts, datastreams_register, things_register
from tests.people import department, person

LON, LAT, SPREAD = 118.05, 24.45, 0.25  # degrees
BACKEND = "apps.accounts.backends.SealedBackend"


def roads_seed(count: int) -> dict[str, object]:
    """``count`` roads with a speed sensor each; their datastream ids and an API key that may read."""
    department(domain_get("city").owner)
    codes = [f"B{number:05}" for number in range(count)]
    things = things_register(domain="city", things=[ThingFacts(code, code) for code in codes])
    streams = datastreams_register(domain="city", things=things, kinds=["speed"])
    line = LineString((LON, LAT), (LON + 0.01, LAT), srid=4326)
    facts = {"road_class": "local", "speed_limit": 50, "length": 1000, "geometry": line}
    RoadSegment.objects.bulk_create(
        RoadSegment(code=code, name=code, thing=things[code], **facts) for code in codes
    )
    reader = person("bench", roles=["city-viewer"])
    _key, text = api_key_create(reader, name="bench", domain="city", scopes=["read"])
    return {"key": text, "streams": [stream.pk for stream in streams.values()]}


def points_seed(count: int) -> dict[str, object]:
    """``count`` inspection sites spread over half a degree, and the session of somebody who may see them."""
    places = np.random.default_rng(5).uniform(-SPREAD, SPREAD, (count, 2)) + np.array([LON, LAT])
    facts = {"category": "park", "service_minutes": 10, "opens": time(8), "closes": time(18)}
    InspectionSite.objects.bulk_create(
        (
            InspectionSite(
                code=f"P{number}", name=f"P{number}", geometry=Point(east, north, srid=4326), **facts
            )
            for number, (east, north) in enumerate(places.tolist())
        ),
        batch_size=5000,
    )
    return {"session": _session()}


def _session() -> str:
    user = person("bench", roles=["city-viewer"])
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
