"""The steps of the floor's benchmark; runs inside the other system's Django, as the system."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import date
from itertools import count
from statistics import median
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from apps.accounts.data import Capability, Viewer, acting_as
from apps.core.encryption import index_matches
from apps.domains.hospital.models import Encounter, Hospital, Patient, Ward
from apps.privacy.floor.acting import floor
from apps.privacy.services import visible_rows
from benchmarks.sizes import size
from tests.people import person

PATIENTS = int(os.environ.get("FLOOR_PATIENTS", size("20_000", "200")))
PAGE, ROUNDS = 100, size(60, 3)
DIVISIONS = ("359901", "359902", "360001")
NAMES = ("name", "id_number", "phone", "birth_date")
NUMBERS = count()


def viewer(division: str = "") -> Viewer:
    """Somebody of the hospitals, in the whole city or in one division."""
    return Viewer(rights=frozenset({("hospital", Capability.VIEW)}), division=division)


def timed(action: Callable[[], Any]) -> float:
    """Milliseconds of the middle round; the first is not counted."""
    action()
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return 1000 * median(times)


def new_patient(hospital: Hospital) -> Patient:
    """An invented patient."""
    number = next(NUMBERS)
    return Patient(
        hospital=hospital,
        pseudonym=f"P{number:07}",
        name="示例患者",
        id_number=f"9999991990{number:08}",
        phone=f"199{number:08}",
        birth_date=date(1990, 1, 1),
    )


def fill() -> list[Hospital]:
    """Hospitals, patients and stays, spread over the divisions."""
    place, hospitals = Point(118, 24, srid=4326), []
    for division in DIVISIONS:
        values = {"name": division, "division": division, "geometry": place}
        hospitals.append(Hospital.objects.create(code=f"H{division}", **values))
    common = {"name": "w", "specialty": "s"}
    wards = [Ward.objects.create(code=f"W{one.code}", hospital=one, **common) for one in hospitals]
    people = [new_patient(hospitals[number % 3]) for number in range(PATIENTS)]
    Patient.objects.bulk_create(people, batch_size=1000)
    stay = {"kind": "inpatient", "arrived_at": timezone.now()}
    stays = [Encounter(patient=one, ward=wards[number % 3], **stay) for number, one in enumerate(people)]
    Encounter.objects.bulk_create(stays, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hospital_patient, hospital_encounter, hospital_hospital, hospital_ward")
    return hospitals


def pages(kind: str, found: dict[str, float]) -> None:
    """Times of the three pages, with or without the floor."""
    for name, model, who in (
        ("patients, whole city", Patient, viewer()),
        ("patients, one division", Patient, viewer(DIVISIONS[0])),
        ("encounters, one division", Encounter, viewer(DIVISIONS[0])),
    ):
        rows: QuerySet[Any] = visible_rows(who, model._default_manager.order_by("pk"))
        with acting_as(who):
            found[f"{name}, {kind}"] = timed(lambda rows=rows: list(rows.all()[:PAGE]))


def steps() -> str:
    """JSON: milliseconds of each step."""
    found: dict[str, float] = {}
    hospitals = fill()
    pages("floor", found)
    rows = list(Patient.objects.order_by("pk")[:PAGE])
    found["open 400 values"] = timed(lambda: [getattr(row, name) for row in rows for name in NAMES])
    fields = [Patient._meta.get_field(name) for name in NAMES]
    values = [(field, field.place(row), getattr(row, field.name)) for row in rows for field in fields]
    found["encrypt 400 values"] = timed(lambda: [one.sealed(place, plain) for one, place, plain in values])
    phone = index_matches(Patient, "phone", rows[7].phone)
    found["find by telephone"] = timed(lambda: Patient.objects.get(phone))
    found["insert 100 patients"] = timed(
        lambda: Patient.objects.bulk_create([new_patient(hospitals[0]) for _one in range(PAGE)])
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(person("bench", roles=["hospital-viewer"]))
    address, wanted = "/api/v1/hospital/patients/", {"limit": PAGE}
    found["request of 100 patients"] = timed(lambda: client.get(address, wanted))
    connection.execute_wrappers.remove(floor)
    with connection.cursor() as cursor:
        for table in ("hospital_patient", "hospital_encounter"):
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    pages("plain", found)
    return json.dumps(found)
