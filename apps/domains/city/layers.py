"""What the city shows on the map."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.declarations import Baseline, ColourStep, MapLayer

# Per cent of free flow. The bounds of GB/T 33171-2016 are 70, 50, 40 and 30.
TRAFFIC_STEPS = (
    ColourStep(0, "#8b0020", pgettext_lazy("traffic", "severe congestion")),
    ColourStep(30, "#e34a33", pgettext_lazy("traffic", "moderate congestion")),
    ColourStep(40, "#fdae61", pgettext_lazy("traffic", "light congestion")),
    ColourStep(50, "#8ccf6d", pgettext_lazy("traffic", "mostly free")),
    ColourStep(70, "#1a9850", pgettext_lazy("traffic", "free")),
)
# An empty road: the 85th percentile from 22:00 to 05:00 of the last four weeks, never above the limit.
FREE_FLOW = Baseline(_("Free flow"), 0.85, 22, 5, limit="speed_limit")
STREETS = {"road_class__in": ("motorway", "expressway", "arterial", "collector", "local")}
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
        public=True,
    ),
    MapLayer(
        "roads",
        _("Roads"),
        "city.RoadSegment",
        "line",
        properties=("code", "name", "name_en", "road_class", "lanes", "speed_limit", "length"),
        live="speed",
        steps=TRAFFIC_STEPS,
        category="road_class",
        where=STREETS,
        baseline=FREE_FLOW,
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
        hidden=("closed",),
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
    MapLayer(
        "detectors",
        _("Imported detectors"),
        "city.RoadSegment",
        "line",
        properties=("code", "name", "name_en"),
        colour="#5b6b7b",
        shown=False,
        where={"road_class": "detector"},
    ),
)
