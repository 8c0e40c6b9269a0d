"""Simulated probes and weather stations of the farms."""

from __future__ import annotations

from apps.sensing.services.waves import Wave, WaveSimulator

WAVES = {
    "soil_moisture": Wave(mean=27, swing=4, peak_hour=22, noise=0.4),
    "air_temperature": Wave(mean=21, swing=6, peak_hour=6, noise=0.5),
    "wind": Wave(mean=3.4, swing=1.6, peak_hour=7, noise=0.9),
}


class FarmSimulator(WaveSimulator):
    """Soil moisture of the fields, temperature and wind of the stations."""

    def __init__(self) -> None:
        super().__init__("farm", WAVES)
