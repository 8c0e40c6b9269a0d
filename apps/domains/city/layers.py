"""What the city shows on the map."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import ColourStep, MapLayer

SPEED_STEPS = (
    ColourStep(0, "#a50026", _("standing")),
    ColourStep(15, "#e34a33", _("slow")),
    ColourStep(30, "#fdae61", _("dense")),
    ColourStep(45, "#66bd63", _("flowing")),
    ColourStep(65, "#1a9850", _("fast")),
)
# Bounds of the 24-hour means in HJ 633-2012.
PM25_STEPS = (
    ColourStep(0, "#2ca25f", _("excellent")),
    ColourStep(35, "#d9c400", _("good air")),
    ColourStep(75, "#f28e2b", _("light pollution")),
    ColourStep(115, "#d7301f", _("moderate pollution")),
    ColourStep(150, "#7a0177", _("heavy pollution")),
    ColourStep(250, "#4d0026", _("severe pollution")),
)

LAYERS = (
    MapLayer(
        "districts",
        _("Districts"),
        "city.District",
        "polygon",
        properties=("code", "name", "name_en"),
        colour="#8a97a6",
        home=True,
    ),
    MapLayer(
        "roads",
        _("Roads"),
        "city.RoadSegment",
        "line",
        properties=("code", "name", "name_en", "road_class", "lanes", "speed_limit", "length"),
        live="speed",
        steps=SPEED_STEPS,
        category="road_class",
    ),
    MapLayer(
        "air",
        _("Air quality"),
        "city.AirStation",
        "point",
        properties=("code", "name", "name_en"),
        live="pm25",
        steps=PM25_STEPS,
    ),
    MapLayer(
        "requests",
        _("Service requests"),
        "city.ServiceRequest",
        "point",
        properties=("number", "category", "state", "deadline"),
        label="number",
        colour="#9c4dcc",
        category="state",
    ),
    MapLayer(
        "sites",
        _("Inspection sites"),
        "city.InspectionSite",
        "point",
        properties=("code", "name", "category", "priority", "last_inspected_at"),
        colour="#3f51b5",
        category="category",
    ),
)
