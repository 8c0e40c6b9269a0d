"""Patients with planted values."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import Point

from apps.domains.hospital.models import Hospital, Patient

NAME, NUMBER, PHONE, BORN = "欧阳示例", "35990019900307002X", "19912345678", date(1990, 3, 7)


def hospital(code: str = "H1", division: str = "359901") -> Hospital:
    values = {"name": code, "division": division, "geometry": Point(118, 24, srid=4326)}
    return Hospital.objects.get_or_create(code=code, defaults=values)[0]


def patient(pseudonym: str = "P1", **values: object) -> Patient:
    """A patient that is not saved yet."""
    given = {"name": NAME, "id_number": NUMBER, "phone": PHONE, "birth_date": BORN, **values}
    return Patient(pseudonym=pseudonym, **{"hospital": hospital(), **given})
