"""What the hospital domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.declarations import ColourStep, MapLayer, StreamKind
from apps.core.domains import Domain
from apps.domains.hospital.grades import GRADES
from apps.domains.hospital.statistics import STATISTICS
from apps.domains.hospital.subjects import SUBJECTS
from apps.domains.hospital.tables import TABLES

KINDS = (
    StreamKind(
        "occupancy",
        _("Bed occupancy"),
        "occupancy",
        "%",
        low=0,
        high=130,
        max_step=30,
        interval=300,
        max_age=1800,
        decimals=0,
    ),
    StreamKind(
        "arrivals",
        _("Arrivals an hour"),
        "arrivals",
        "/h",
        low=0,
        high=500,
        interval=300,
        max_age=1800,
        decimals=0,
    ),
)
OCCUPANCY_STEPS = (
    ColourStep(0, "#1a9850", pgettext_lazy("beds", "room")),
    ColourStep(75, "#fee08b", _("filling")),
    ColourStep(90, "#fc8d59", _("tight")),
    ColourStep(100, "#d73027", _("full")),
)

DOMAIN = Domain(
    slug="hospital",
    title=_("Hospital"),
    owner="health",
    icon="local_hospital",
    privacy=GRADES,
    kinds=KINDS,
    layers=(
        MapLayer(
            "hospitals",
            _("Hospitals"),
            "hospital.Hospital",
            "point",
            properties=("code", "name", "level"),
            live="occupancy",
            steps=OCCUPANCY_STEPS,
        ),
    ),
    subjects=SUBJECTS,
    purposes=("treatment",),
    statistics=STATISTICS,
    tables=TABLES,
    seed="apps.domains.hospital.seeding.seed",
    simulator="apps.domains.hospital.simulator.HospitalSimulator",
)
