"""Roads with readings, and requests with places."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import mapbox_vector_tile
from django.contrib.gis.geos import LineString, Point
from django.test import Client

from apps.accounts.models import User
from apps.core.domains import domain_get
from apps.domains.city.models import RoadSegment, ServiceRequest
from apps.sensing.models import Datastream, LatestValue
from apps.sensing.services.registering import ThingFacts, datastreams_register, things_register
from tests.people import department

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BACKEND = "apps.accounts.backends.SealedBackend"


def road(
    code: str = "T1", *, division: str = "359902", lon: float = 118.05
) -> tuple[RoadSegment, Datastream]:
    """A road of 1 km with a speed sensor."""
    department(domain_get("city").owner)
    things = things_register(domain="city", things=[ThingFacts(code, code, division)])
    streams = datastreams_register(domain="city", things=things, kinds=["speed"])
    segment = RoadSegment.objects.create(
        code=code,
        name=code,
        road_class="local",
        speed_limit=45,
        length=1000,
        division=division,
        thing=things[code],
        geometry=LineString((lon, 24.45), (lon + 0.01, 24.45), srid=4326),
    )
    return segment, streams[f"city.{code}.speed"]


def latest(stream: Datastream, value: float, *, time: datetime = NOON) -> LatestValue:
    """The newest reading of a stream."""
    return LatestValue.objects.create(datastream=stream, phenomenon_time=time, result=value, quality=0)


def request_at(lon: float, lat: float, *, number: str = "T-1", division: str = "") -> ServiceRequest:
    """A service request at a place."""
    return ServiceRequest.objects.create(
        number=number,
        text="路灯不亮",
        division=division,
        received_at=NOON,
        deadline=NOON,
        reporter_name="王小明",
        geometry=Point(lon, lat, srid=4326),
    )


def logged_in(user: User) -> Client:
    """A browser of this person."""
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def drawn(data: bytes) -> list[dict[str, Any]]:
    """The features of a tile."""
    return [feature for layer in mapbox_vector_tile.decode(data).values() for feature in layer["features"]]
