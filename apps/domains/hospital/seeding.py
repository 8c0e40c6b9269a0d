"""Demonstration rows of the hospital domain; safe to repeat. Invented people, impossible numbers."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from apps.alerts.services import rules_register
from apps.domains.hospital.alarms import RULES
from apps.domains.hospital.models import Bed, Encounter, Hospital, Patient, StaffMember, Theatre, Ward
from apps.privacy.services.budgets import budgets_begin
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts

HOSPITALS = (
    ("H01", "海澄市第一医院", "三级甲等", 118.07, 24.46),
    ("H02", "海澄市妇幼保健院", "三级", 118.05, 24.49),
    ("H03", "东港医院", "二级", 118.13, 24.47),
)
DIVISION = "359901"
BUDGET = 10_000_000  # millionths of epsilon
BEDS = 6


@transaction.atomic
def seed() -> None:
    """Three hospitals with a ward, beds, a theatre, two nurses and two stays each."""
    rules_register(domain="hospital", rules=RULES)
    facts = [ThingFacts(code, name, DIVISION) for code, name, _level, _x, _y in HOSPITALS]
    things = things_register(domain="hospital", things=facts)
    datastreams_register(domain="hospital", things=things, kinds=["occupancy", "arrivals"])
    for code, name, level, x, y in HOSPITALS:
        values = {"name": name, "level": level, "division": DIVISION, "geometry": Point(x, y, srid=4326)}
        hospital, _new = Hospital.objects.update_or_create(
            code=code, defaults={**values, "thing": things[code]}
        )
        _ward(hospital)
    budgets_begin("hospital.encounters", limit=BUDGET, share=BUDGET // 2, reason="演示初始预算")


def _ward(hospital: Hospital) -> None:
    code = f"{hospital.code}-W1"
    values = {"name": "内科一病区", "hospital": hospital, "specialty": "内科"}
    ward, _new = Ward.objects.get_or_create(code=code, defaults=values)
    for number in range(1, BEDS + 1):
        Bed.objects.get_or_create(code=f"{code}-{number:02}", defaults={"name": f"{number}床", "ward": ward})
    theatre = {"name": "一号手术室", "hospital": hospital, "opens": time(8), "closes": time(17)}
    Theatre.objects.get_or_create(code=f"{hospital.code}-T1", defaults=theatre)
    for number in range(1, 3):
        person = {"ward": ward, "name": f"示范{number}", "phone": f"1990000000{number}", "skill": "护士"}
        StaffMember.objects.get_or_create(number=f"{code}-N{number}", defaults=person)
        _stay(hospital, ward, number)


def _stay(hospital: Hospital, ward: Ward, number: int) -> None:
    values = {
        "hospital": hospital,
        "name": f"示例患者{number}",
        "id_number": f"99999919900101000{number}",
        "phone": f"1991111000{number}",
        "birth_date": date(1960 + number, 5, 1),
        "sex": "female" if number % 2 else "male",
    }
    patient, new = Patient.objects.get_or_create(pseudonym=f"{hospital.code}-demo-{number}", defaults=values)
    if new:
        arrived = timezone.now() - timedelta(days=number)
        Encounter.objects.create(
            patient=patient, ward=ward, kind="inpatient", arrived_at=arrived, diagnosis="I10"
        )
