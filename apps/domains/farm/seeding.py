"""Demonstration rows of the farm domain; safe to repeat."""

from __future__ import annotations

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction

from apps.alerts.services import rules_register
from apps.domains.farm.alarms import RULES
from apps.domains.farm.models import Crop, Farm, Field, WeatherStation, Zone
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts

# FAO Irrigation and Drainage Paper 56, table 12 (Kc) and table 22 (root depth)
CROPS = (
    ("rice", "水稻", 1.05, 1.2, 0.75, 0.75),
    ("potato", "马铃薯", 0.5, 1.15, 0.75, 0.5),
    ("tomato", "番茄", 0.6, 1.15, 0.8, 1.0),
)
FARMS = (("F01", "北溪农场", 117.94, 24.55, "陈"), ("F02", "南屿农场", 117.96, 24.38, "林"))
DIVISION = "359906"
WIDTH, HEIGHT, GAP = 0.008, 0.006, 0.001  # degrees


@transaction.atomic
def seed() -> None:
    """Two farms of four fields each and one weather station."""
    rules_register(domain="farm", rules=RULES)
    crops = [
        Crop.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kc_initial": ini,
                "kc_middle": mid,
                "kc_late": late,
                "root_depth": depth,
            },
        )[0]
        for code, name, ini, mid, late, depth in CROPS
    ]
    for code, name, x, y, surname in FARMS:
        values = {
            "name": name,
            "division": DIVISION,
            "geometry": Point(x, y, srid=4326),
            "holder_name": f"{surname}示范",
            "holder_phone": "19900000000",
        }
        farm, _new = Farm.objects.update_or_create(code=code, defaults=values)
        _fields(farm, crops)
    _station()


def _fields(farm: Farm, crops: list[Crop]) -> None:
    codes = [f"{farm.code}-{number}" for number in range(1, 5)]
    things = things_register(domain="farm", things=[ThingFacts(code, code, DIVISION) for code in codes])
    datastreams_register(domain="farm", things=things, kinds=["soil_moisture"])
    for index, code in enumerate(codes):
        west = farm.geometry.x + index % 2 * (WIDTH + GAP)
        south = farm.geometry.y + index // 2 * (HEIGHT + GAP)
        shape = Polygon.from_bbox((west, south, west + WIDTH, south + HEIGHT))
        shape.srid = 4326
        crop = crops[index % len(crops)]
        values = {
            "name": f"{crop.name}{index + 1}号地",
            "farm": farm,
            "crop": crop,
            "area": 54.0,
            "geometry": shape,
        }
        field, _new = Field.objects.update_or_create(code=code, defaults={**values, "thing": things[code]})
        zone = {"name": "一区", "field": field, "flow": 60.0, "area": 54.0}
        Zone.objects.get_or_create(code=f"{code}-Z1", defaults=zone)


def _station() -> None:
    things = things_register(domain="farm", things=[ThingFacts("W01", "北溪气象站", DIVISION)])
    datastreams_register(domain="farm", things=things, kinds=["air_temperature", "wind", "rain"])
    values = {
        "name": "北溪气象站",
        "division": DIVISION,
        "geometry": Point(117.935, 24.545, srid=4326),
        "elevation": 18.0,
    }
    WeatherStation.objects.update_or_create(code="W01", defaults={**values, "thing": things["W01"]})
