"""What the plant domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import ColourStep, MapLayer, StreamKind
from apps.core.domains import Domain
from apps.domains.plant.grades import GRADES
from apps.domains.plant.subjects import SUBJECTS

KINDS = (
    StreamKind("power", _("Power"), "power", "kW", low=0, high=20000, max_step=5000, interval=60, decimals=0),
    StreamKind("temperature", _("Temperature"), "temperature", "Cel", low=-20, high=250, max_step=40),
    StreamKind("pressure", _("Pressure"), "pressure", "kPa", low=0, high=2000, max_step=400, decimals=0),
    StreamKind(
        "vibration", _("Vibration"), "vibration", "mm/s", low=0, high=60, max_step=30, stuck_after=3600
    ),
)
POWER_STEPS = (
    ColourStep(0, "#c6dbef", _("idle")),
    ColourStep(200, "#6baed6", _("part load")),
    ColourStep(1500, "#2171b5", _("high load")),
    ColourStep(4000, "#d7301f", _("peak")),
)

DOMAIN = Domain(
    slug="plant",
    title=_("Plant"),
    owner="industry",
    icon="factory",
    privacy=GRADES,
    kinds=KINDS,
    layers=(
        MapLayer(
            "plants",
            _("Plants"),
            "plant.Plant",
            "point",
            properties=("code", "name", "operator"),
            live="power",
            steps=POWER_STEPS,
        ),
    ),
    subjects=SUBJECTS,
    seed="apps.domains.plant.seeding.seed",
    simulator="apps.domains.plant.simulator.PlantSimulator",
)
