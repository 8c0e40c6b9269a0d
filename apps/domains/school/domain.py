"""What the school domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import ColourStep, MapLayer, StreamKind
from apps.core.domains import Domain
from apps.domains.school.grades import GRADES
from apps.domains.school.statistics import STATISTICS
from apps.domains.school.subjects import SUBJECTS
from apps.domains.school.tables import TABLES

KINDS = (
    StreamKind(
        "co2",
        _("Carbon dioxide"),
        "co2",
        "[ppm]",
        low=300,
        high=5000,
        max_step=1500,
        interval=120,
        max_age=900,
        decimals=0,
    ),
    StreamKind(
        "temperature",
        _("Room temperature"),
        "temperature",
        "Cel",
        low=-10,
        high=45,
        max_step=8,
        interval=120,
        max_age=900,
    ),
)
CO2_STEPS = (
    ColourStep(300, "#1a9850", _("fresh")),
    ColourStep(800, "#a6d96a", _("good")),
    ColourStep(1200, "#fdae61", _("stale air")),
    ColourStep(2000, "#d73027", _("open the windows")),
)

DOMAIN = Domain(
    slug="school",
    title=_("School"),
    owner="education",
    icon="school",
    privacy=GRADES,
    kinds=KINDS,
    layers=(
        MapLayer(
            "schools",
            _("Schools"),
            "school.School",
            "point",
            properties=("code", "name", "stage"),
            live="co2",
            steps=CO2_STEPS,
        ),
    ),
    subjects=SUBJECTS,
    purposes=("teaching", "student-care"),
    statistics=STATISTICS,
    tables=TABLES,
    seed="apps.domains.school.seeding.seed",
    simulator="apps.domains.school.simulator.SchoolSimulator",
)
