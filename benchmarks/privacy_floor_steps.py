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
from apps.privacy.floor.acting import floor, floor_lay
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


def seconds(action: Callable[[], Any]) -> float:
    """How long the second of two calls takes: the first meets plans and caches of the other side."""
    action()
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


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


def floor_set(*, is_laid: bool) -> None:
    """Row security and the execute wrapper, both or neither."""
    if is_laid:
        floor_lay(connection)
    else:
        connection.execute_wrappers.remove(floor)
    with connection.cursor() as cursor:
        for table in ("hospital_patient", "hospital_encounter"):
            cursor.execute(f"ALTER TABLE {table} {'' if is_laid else 'NO '}FORCE ROW LEVEL SECURITY")


def pages() -> dict[str, Callable[[], Any]]:
    """Reading the three pages, each in the name of its viewer."""

    def reading(model: Any, who: Viewer) -> Callable[[], Any]:
        rows: QuerySet[Any] = visible_rows(who, model._default_manager.order_by("pk"))

        def read() -> None:
            with acting_as(who):
                list(rows.all()[:PAGE])

        return read

    return {
        "patients, whole city": reading(Patient, viewer()),
        "patients, one division": reading(Patient, viewer(DIVISIONS[0])),
        "encounters, one division": reading(Encounter, viewer(DIVISIONS[0])),
    }


def steps() -> str:
    """JSON: milliseconds of each step, and the share of a request in percent; medians of all rounds."""
    hospitals, read = fill(), pages()
    rows = list(Patient.objects.order_by("pk")[:PAGE])
    fields: list[Any] = [Patient._meta.get_field(name) for name in NAMES]
    values = [(field, field.place(row), getattr(row, field.name)) for row in rows for field in fields]
    phone = index_matches(Patient, "phone", rows[7].phone)
    client = Client(HTTP_HOST="localhost")
    client.force_login(person("bench", roles=["hospital-viewer"]))
    address, wanted = "/api/v1/hospital/patients/", {"limit": PAGE}
    actions = {f"{name}, floor": action for name, action in read.items()} | {
        "open 400 values": lambda: [getattr(row, name) for row in rows for name in NAMES],
        "request of 100 patients": lambda: client.get(address, wanted),
        "encrypt 400 values": lambda: [one.sealed(place, plain) for one, place, plain in values],
        "find by telephone": lambda: Patient.objects.get(phone),
        "insert 100 patients": lambda: Patient.objects.bulk_create(
            [new_patient(hospitals[0]) for _one in range(PAGE)]
        ),
    }
    found: dict[str, list[float]] = {name: [] for name in (*actions, *(f"{name}, plain" for name in read))}
    for _round in range(ROUNDS):
        for name, action in actions.items():
            found[name].append(1000 * seconds(action))
        floor_set(is_laid=False)
        for name, action in read.items():
            found[f"{name}, plain"].append(1000 * seconds(action))
        floor_set(is_laid=True)
    shares = [
        100 * (floored - plain + opening) / request
        for floored, plain, opening, request in zip(
            found["patients, whole city, floor"],
            found["patients, whole city, plain"],
            found["open 400 values"],
            found["request of 100 patients"],
            strict=True,
        )
    ]
    return json.dumps({name: median(times) for name, times in found.items()} | {"share": median(shares)})
