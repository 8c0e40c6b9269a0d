"""Haicheng as rows: safe to repeat, the same everywhere."""

from __future__ import annotations

from datetime import time, timedelta

import numpy as np
from django.contrib.gis.geos import GEOSGeometry, LineString, Point
from django.db import transaction
from django.utils import timezone
from shapely import Point as PlanePoint

from apps.accounts.selectors import department_get
from apps.alerts.services import rules_register
from apps.domains.city.alarms import RULES
from apps.domains.city.kinds import ROAD_KINDS, STATION_KINDS
from apps.domains.city.models import (
    AirStation,
    District,
    InspectionSite,
    RequestState,
    RoadSegment,
    ServiceRequest,
)
from apps.domains.city.network.build import Segment, districts, division_at, neighbours, segments
from apps.domains.city.network.calls import Call, calls
from apps.domains.city.network.frame import to_degrees
from apps.domains.city.network.sites import SitePlan, sites
from apps.domains.city.network.stations import STATIONS
from apps.domains.city.services.roads import links_store
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts

ROAD_FIELDS = [
    "name",
    "name_en",
    "road_class",
    "lanes",
    "speed_limit",
    "length",
    "division",
    "thing",
    "geometry",
]
CLOSED_BELOW, HANDLED_BELOW, ASSIGNED_BELOW = 0.82, 0.9, 0.97


@transaction.atomic
def seed() -> None:
    """Every row of the demonstration city, without readings."""
    rules_register(domain="city", rules=RULES)
    districts_seed()
    roads_seed()
    stations_seed()
    sites_seed()
    requests_seed()


def districts_seed() -> None:
    """The six districts."""
    for item in districts():
        values = {
            "name": item.name,
            "name_en": item.name_en,
            "geometry": GEOSGeometry(item.degrees.wkt, 4326),
        }
        District.objects.update_or_create(code=item.code, defaults=values)


def roads_seed() -> None:
    """Segments with a speed and a flow sensor each, and how they hang together."""
    rows = segments()
    facts = [ThingFacts(row.code, row.name, row.division) for row in rows]
    things = things_register(domain="city", things=facts)
    datastreams_register(domain="city", things=things, kinds=[kind.key for kind in ROAD_KINDS])
    RoadSegment.objects.bulk_create(
        [_road(row, things[row.code].pk) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=ROAD_FIELDS,
    )
    links_store(neighbours())


def _road(row: Segment, thing_id: int) -> RoadSegment:
    return RoadSegment(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        road_class=row.road_class,
        lanes=row.lanes,
        speed_limit=row.speed_limit,
        length=row.length,
        division=row.division,
        thing_id=thing_id,
        geometry=LineString(row.degrees.tolist(), srid=4326),
    )


def stations_seed() -> None:
    """Air stations with all their sensors."""
    planes = {item.code: PlanePoint(item.east, item.north) for item in STATIONS}
    facts = [ThingFacts(item.code, item.name, division_at(planes[item.code])) for item in STATIONS]
    things = things_register(domain="city", things=facts)
    datastreams_register(domain="city", things=things, kinds=[kind.key for kind in STATION_KINDS])
    for item in STATIONS:
        values = {
            "name": item.name,
            "name_en": item.name_en,
            "division": division_at(planes[item.code]),
            "thing_id": things[item.code].pk,
            "geometry": _degrees(planes[item.code]),
        }
        AirStation.objects.update_or_create(code=item.code, defaults=values)


def sites_seed() -> None:
    """Inspection sites; those that exist keep the date of their last visit."""
    InspectionSite.objects.bulk_create([_site(item) for item in sites()], ignore_conflicts=True)


def _site(item: SitePlan) -> InspectionSite:
    return InspectionSite(
        code=item.code,
        name=item.name,
        category=item.category,
        service_minutes=item.minutes,
        opens=time(item.opens),
        closes=time(item.closes),
        priority=item.priority,
        interval_days=item.interval,
        last_inspected_at=timezone.now() - timedelta(days=item.days_ago),
        division=item.division,
        geometry=_degrees(item.place),
    )


def requests_seed() -> None:
    """Hotline requests of the last two weeks; those that exist stay as people left them."""
    departments = {code: department_get(code).pk for code in {item.department for item in calls()}}
    rows = [_request(item, departments[item.department]) for item in calls()]
    ServiceRequest.objects.bulk_create(rows, ignore_conflicts=True)


def _request(item: Call, department_id: int) -> ServiceRequest:
    received = timezone.now() - timedelta(hours=item.hours_ago)
    state = _state(item)
    return ServiceRequest(
        number=item.number,
        text=item.text,
        category=item.category,
        address=item.address,
        division=item.division,
        department_id=None if state == RequestState.RECEIVED else department_id,
        state=state,
        received_at=received,
        deadline=received + timedelta(hours=item.due_hours),
        closed_at=received + timedelta(hours=0.6 * item.hours_ago) if state == RequestState.CLOSED else None,
        reporter_name=item.name,
        reporter_phone=item.phone,
        reporter_id_number=item.identity,
        geometry=_degrees(item.place),
    )


def _state(item: Call) -> RequestState:
    """How far a call has come: old ones are mostly closed, those of the last hours mostly untouched."""
    age = min(item.hours_ago / item.due_hours, 1.0)
    if item.luck < CLOSED_BELOW * age:
        return RequestState.CLOSED
    if item.luck < HANDLED_BELOW * age:
        return RequestState.HANDLED
    return RequestState.ASSIGNED if item.luck < ASSIGNED_BELOW * age + 0.2 else RequestState.RECEIVED


def _degrees(place: PlanePoint) -> Point:
    lon, lat = to_degrees(np.array([[place.x, place.y]]))[0]
    return Point(float(lon), float(lat), srid=4326)
