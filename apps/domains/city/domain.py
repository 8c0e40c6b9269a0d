"""What the city domain tells the platform about itself."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import Parameter, Places, Problem, Recipe
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
SITE = Places("city.InspectionSite", "code", _("Inspection site"))
REQUEST = Places("city.ServiceRequest", "number", _("Service request"), label="number")
INSPECTION_ROUNDS = Problem(
    "inspection_rounds",
    _("Inspection rounds"),
    "vrptw",
    build="apps.domains.city.problems.inspection_rounds",
    parameters=(
        Parameter(
            "day",
            _("Day of the round"),
            "",
            0,
            60,
            kind="date",
            hint=_("Empty: today while at least two hours of the shift are left, otherwise tomorrow."),
        ),
        Parameter("shift_start", _("Shift starts"), 8, 0, 23, unit="h", clock=True),
        Parameter("shift_end", _("Shift ends"), 17, 1, 24, unit="h", clock=True),
        Parameter("vehicles", _("Vehicles"), 4, 1, 40, whole=True),
        Parameter(
            "start",
            _("Start and end of every round"),
            "",
            kind="place",
            places=(replace(SITE, only=(("category", "depot"),)),),
            hint=_("The usual place is the city's depot."),
        ),
        Parameter(
            "speed_source",
            _("Travel times from"),
            0,
            kind="choice",
            choices=(
                (0, _("Forecast, otherwise the latest reading or the usual speed of the hour")),
                (1, _("Latest reading for the next hour, then the usual speed of the hour")),
                (3, _("Usual speed of the hour")),
                (2, _("Free-flowing roads")),
            ),
        ),
        Parameter("time_limit", _("Time to solve"), 30, 1, 600, unit="s", whole=True),
        Parameter("sites", _("Maximum number of sites"), 40, 1, 500, whole=True),
        Parameter("due_within", _("Due within"), 3, 0, 60, unit="d", whole=True),
        Parameter(
            "visit",
            _("Places to visit"),
            "",
            0,
            200,
            kind="places",
            places=(SITE, REQUEST),
            hint=_("None chosen: the sites that are due, the urgent and the longest overdue first."),
        ),
    ),
    cost_unit="s",
    cost=_(
        "Driving time of all vehicles; each due site that is left out adds two hours for each step of its "
        "priority."
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
    purposes=("request-handling",),
    tables=TABLES,
    seed="apps.domains.city.seeding.seed",
    simulator="apps.domains.city.simulator.CitySimulator",
)
