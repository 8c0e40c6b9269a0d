"""Demonstration rows of the plant domain; safe to repeat."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from apps.alerts.services import rules_register
from apps.domains.plant.alarms import RULES
from apps.domains.plant.models import Line, Machine, Operation, Order, Plant
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts

PLANTS = (
    ("P01", "海澄精密机械厂", "359905", 118.145, 24.52),
    ("P02", "东港电子厂", "359904", 118.16, 24.47),
    ("P03", "西江食品厂", "359905", 117.985, 24.49),
)
PROCESSES = ("车削", "铣削", "热处理", "装配")
MINUTES = (35.0, 50.0, 90.0, 40.0)


@transaction.atomic
def seed() -> None:
    """Three plants with a line of four machines each, and six orders."""
    rules_register(domain="plant", rules=RULES)
    facts = [ThingFacts(code, name, division) for code, name, division, _x, _y in PLANTS]
    things = things_register(domain="plant", things=facts)
    datastreams_register(domain="plant", things=things, kinds=["power"])
    for code, name, division, x, y in PLANTS:
        values = {
            "name": name,
            "division": division,
            "geometry": Point(x, y, srid=4326),
            "operator": f"{name}有限公司",
        }
        plant, _new = Plant.objects.update_or_create(code=code, defaults={**values, "thing": things[code]})
        _machines(plant)
        _orders(plant)


def _machines(plant: Plant) -> None:
    line, _new = Line.objects.get_or_create(
        code=f"{plant.code}-L1", defaults={"name": "一号线", "plant": plant}
    )
    codes = [f"{line.code}-M{number}" for number in range(1, len(PROCESSES) + 1)]
    facts = [ThingFacts(code, code, plant.division) for code in codes]
    things = things_register(domain="plant", things=facts)
    datastreams_register(domain="plant", things=things, kinds=["temperature", "pressure", "vibration"])
    for code, process in zip(codes, PROCESSES, strict=True):
        values = {
            "name": f"{process}机",
            "line": line,
            "process": process,
            "rated_kw": 75.0,
            "thing": things[code],
        }
        Machine.objects.update_or_create(code=code, defaults=values)


def _orders(plant: Plant) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for number in range(1, 3):
        values = {
            "plant": plant,
            "product": "减速箱" if number == 1 else "泵体",
            "quantity": 40 * number,
            "customer": "示范客户有限公司",
            "released_at": now,
            "due_at": now + timedelta(days=number + 1),
        }
        order, _new = Order.objects.get_or_create(number=f"{plant.code}-{number:04}", defaults=values)
        for index, (process, minutes) in enumerate(zip(PROCESSES, MINUTES, strict=True), start=1):
            step = {"process": process, "minutes": minutes}
            Operation.objects.get_or_create(order=order, sequence=index, defaults=step)
