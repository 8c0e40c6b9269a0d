"""What the farm domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.declarations import ColourStep, MapLayer, StreamKind
from apps.core.domains import Domain
from apps.domains.farm.grades import GRADES
from apps.domains.farm.subjects import SUBJECTS

KINDS = (
    StreamKind(
        "soil_moisture",
        _("Soil moisture"),
        "soil_moisture",
        "%",
        low=0,
        high=70,
        max_step=20,
        interval=900,
        max_age=3600,
        decimals=0,
    ),
    StreamKind(
        "air_temperature",
        _("Air temperature"),
        "temperature",
        "Cel",
        low=-40,
        high=50,
        max_step=10,
        interval=600,
    ),
    StreamKind("wind", _("Wind speed"), "wind_speed", "m/s", low=0, high=60, max_step=25, interval=600),
    StreamKind("rain", _("Rainfall rate"), "precipitation", "mm/h", low=0, high=200, interval=600),
)
MOISTURE_STEPS = (
    ColourStep(0, "#a6611a", _("dry")),
    ColourStep(15, "#dfc27d", _("low")),
    ColourStep(25, "#80cdc1", pgettext_lazy("soil", "good")),
    ColourStep(40, "#018571", _("wet")),
)

DOMAIN = Domain(
    slug="farm",
    title=_("Farm"),
    owner="agriculture",
    icon="agriculture",
    privacy=GRADES,
    kinds=KINDS,
    layers=(
        MapLayer(
            "fields",
            pgettext_lazy("farm", "Fields"),
            "farm.Field",
            "polygon",
            properties=("code", "name", "area"),
            live="soil_moisture",
            steps=MOISTURE_STEPS,
        ),
        MapLayer(
            "weather",
            _("Weather stations"),
            "farm.WeatherStation",
            "point",
            properties=("code", "name", "elevation"),
            live="air_temperature",
            steps=(
                ColourStep(-40, "#4575b4", _("cold")),
                ColourStep(10, "#abd9e9", _("cool")),
                ColourStep(20, "#fdae61", _("warm")),
                ColourStep(30, "#d73027", _("hot")),
            ),
        ),
    ),
    subjects=SUBJECTS,
    seed="apps.domains.farm.seeding.seed",
    simulator="apps.domains.farm.simulator.FarmSimulator",
)
