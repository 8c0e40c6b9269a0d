"""What the city domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import Parameter, Problem, Recipe
from apps.core.domains import Domain
from apps.domains.city.grades import GRADES
from apps.domains.city.kinds import KINDS
from apps.domains.city.layers import LAYERS
from apps.domains.city.subjects import SUBJECTS
from apps.domains.city.tables import TABLES

TRAFFIC_SPEED = Recipe(
    "traffic_speed",
    _("Traffic speed"),
    "forecast",
    kind="speed",
    step=300,
    history=12,
    horizon=12,
    graph="apps.domains.city.selectors.road_weights",
)
INSPECTION_ROUNDS = Problem(
    "inspection_rounds",
    _("Inspection rounds"),
    "vrptw",
    build="apps.domains.city.problems.inspection_rounds",
    parameters=(
        Parameter("vehicles", _("Vehicles"), 4, 1, 40, whole=True),
        Parameter("shift_start", _("Shift starts"), 8, 0, 23, unit="h"),
        Parameter("shift_end", _("Shift ends"), 17, 1, 24, unit="h"),
        Parameter("sites", _("Most sites"), 40, 1, 500, whole=True),
        Parameter("due_within", _("Due within"), 3, 0, 60, unit="d", whole=True),
        Parameter("speed_source", _("Speeds: 0 forecast, 1 latest, 2 free flow"), 0, 0, 2, whole=True),
        Parameter("time_limit", _("Time to solve"), 30, 1, 600, unit="s", whole=True),
    ),
)

DOMAIN = Domain(
    slug="city",
    title=_("City"),
    owner="transport",
    icon="location_city",
    privacy=GRADES,
    layers=LAYERS,
    kinds=KINDS,
    recipes=(TRAFFIC_SPEED,),
    problems=(INSPECTION_ROUNDS,),
    subjects=SUBJECTS,
    tables=TABLES,
    seed="apps.domains.city.seeding.seed",
    simulator="apps.domains.city.simulator.CitySimulator",
)
