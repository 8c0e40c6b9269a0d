"""Simulated meters of the plants."""

from __future__ import annotations

from apps.sensing.services.waves import Wave, WaveSimulator

WAVES = {
    "power": Wave(mean=1800, swing=1300, peak_hour=4, noise=120),
    "temperature": Wave(mean=62, swing=9, peak_hour=6, noise=2),
    "pressure": Wave(mean=620, swing=60, peak_hour=5, noise=15),
    "vibration": Wave(mean=4.2, swing=1.1, peak_hour=5, noise=0.8),
}


class PlantSimulator(WaveSimulator):
    """Power of the plants, temperature, pressure and vibration of the machines."""

    def __init__(self) -> None:
        super().__init__("plant", WAVES)
