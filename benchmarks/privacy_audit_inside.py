"""What the benchmark of the access log does inside Django: ``manage.py shell`` calls it, it returns JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TypeVar

import numpy as np
from django.conf import settings
from django.contrib.gis.geos import LineString, Point
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from apps.audit.selectors.trail import entries_of_object
from apps.audit.services import chain_faults, entries_seal
from apps.domains.city.models import RoadSegment
from apps.domains.hospital.models import Hospital, Patient
from benchmarks.sizes import size
from tests.people import person

ROUNDS, ROADS, PATIENTS = size(120, 3), 200, 200
CHAINED, ASKED, PEOPLE = 200_000, 20, 1_000_000
T = TypeVar("T")
MIDDLEWARE = "apps.audit.middleware.access_log"
ADDRESSES = {
    "list of 100 roads": "/api/v1/city/roads/?limit=100",
    "list of 100 patients": "/api/v1/hospital/patients/?limit=100",
    "one patient": "/api/v1/hospital/patients/1/",
    "page of features": "/ogc/collections/city.roads/items?limit=100",
    "portal page": "/portal/datastreams/",
}
FILL = """
    INSERT INTO audit_accessentry (at, user_id, role, action, object_type, object_id, fields, objects_seen,
                                   purpose, rows, result, request_id, lasting)
    SELECT now() - (%(last)s - n) * interval '1 millisecond', n %% 500, 'hospital-viewer', 'read',
           'hospital.Patient', '', '{id,name}',
           ARRAY['hospital.Patient:' || 1 + n * 7919 %% 1000000,
                 'hospital.Patient:' || 1 + n * 104729 %% 1000000],
           'care', 2, 'done', md5(n::text), false
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""


def cost() -> str:
    """Medians in milliseconds with and without an entry, for each kind of request."""
    _rows_make()
    reader = person("bench", roles=["city-viewer", "hospital-viewer"])
    plain = [name for name in settings.MIDDLEWARE if name != MIDDLEWARE]
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in ADDRESSES}
    clients = [Client(SERVER_NAME="127.0.0.1") for _each in range(2)]
    clients[0].force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[-1])
    clients[1].cookies = clients[0].cookies  # a second login might end the first
    for client, middleware in zip(clients, (settings.MIDDLEWARE, plain), strict=True):
        with override_settings(MIDDLEWARE=middleware):
            client.get("/healthz")  # loads this middleware for good
    for number in range(ROUNDS):
        cache.clear()
        for name, address in ADDRESSES.items():
            for which in (number % 2, 1 - number % 2):
                began = time.perf_counter()
                answer = clients[which].get(address)
                if answer.status_code != HTTPStatus.OK:
                    raise RuntimeError(f"{answer.status_code} at {address}")
                times[name][which].append(1000 * (time.perf_counter() - began))
    return json.dumps({name: [float(np.median(each)) for each in both] for name, both in times.items()})


def _rows_make() -> None:
    line = LineString((118.05, 24.45), (118.06, 24.45), srid=4326)
    facts = {"road_class": "local", "speed_limit": 50, "length": 1000, "geometry": line}
    RoadSegment.objects.bulk_create(RoadSegment(code=f"B{n}", name=f"B{n}", **facts) for n in range(ROADS))
    place = Point(118.05, 24.45, srid=4326)
    hospital = Hospital.objects.create(code="B", name="B", division="350200", geometry=place)
    Patient.objects.bulk_create(
        Patient(hospital=hospital, pseudonym=f"B{n:05}", name="张三", phone="13812345678")
        for n in range(PATIENTS)
    )


def seen(rows: int) -> str:
    """Entries a second through sealer and verifier, and the slowest answer to "who saw this record"."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, {"first": 1, "last": min(rows, CHAINED)})
        sealing, sealed = _timed(entries_seal)
        verifying, state = _timed(chain_faults)
        if not state.is_whole:
            raise RuntimeError("the chain does not fit")
        cursor.execute(FILL, {"first": CHAINED + 1, "last": rows})
        cursor.execute("VACUUM ANALYZE audit_accessentry")
    keys = np.random.default_rng(11).integers(1, PEOPLE, ASKED)
    slowest = max(_timed(partial(entries_of_object, "hospital.Patient", str(key)))[0] for key in keys)
    speeds = {"sealed": sealed / sealing, "verified": state.entries / verifying}
    return json.dumps({**speeds, "seconds": slowest, "asked": ASKED})


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found
