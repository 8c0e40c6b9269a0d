"""What the city measures, and what its quality rules expect."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import StreamKind

HOUR = 3600

ROAD_KINDS = (
    StreamKind("speed", _("Speed"), "speed", "km/h", low=0, high=140, max_step=70, stuck_after=HOUR),
    StreamKind(
        "flow",
        _("Flow"),
        "flow",
        "{vehicle}/h",
        low=0,
        high=20000,
        max_step=8000,
        stuck_after=HOUR,
        decimals=0,
    ),
)
STATION_KINDS = (
    StreamKind(
        "pm25", _("PM2.5"), "pm25", "ug/m3", low=0, high=1000, max_step=80, stuck_after=3 * HOUR, decimals=0
    ),
    StreamKind(
        "no2", _("NO2"), "no2", "ug/m3", low=0, high=500, max_step=80, stuck_after=3 * HOUR, decimals=0
    ),
    StreamKind("noise", _("Noise"), "noise", "dB[SPL]", low=20, high=140, max_step=45, stuck_after=HOUR),
    StreamKind(
        "temperature",
        _("Temperature"),
        "temperature",
        "Cel",
        low=-40,
        high=60,
        max_step=6,
        stuck_after=6 * HOUR,
    ),
    StreamKind("humidity", _("Relative humidity"), "humidity", "%", low=0, high=100, max_step=25, decimals=0),
    StreamKind("wind", _("Wind speed"), "wind", "m/s", low=0, high=60, max_step=15),
    StreamKind("rain", _("Rainfall rate"), "rain", "mm/h", low=0, high=200),
)
KINDS = ROAD_KINDS + STATION_KINDS
