"""Simulated classroom air of the schools."""

from __future__ import annotations

from apps.sensing.services.waves import Wave, WaveSimulator

WAVES = {
    "co2": Wave(mean=840, swing=390, peak_hour=3, noise=60),
    "temperature": Wave(mean=22, swing=2.5, peak_hour=6, noise=0.3),
}


class SchoolSimulator(WaveSimulator):
    """Carbon dioxide and temperature, as a mean of each school's classrooms."""

    def __init__(self) -> None:
        super().__init__("school", WAVES)
