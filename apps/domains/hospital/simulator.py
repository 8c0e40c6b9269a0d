"""Simulated occupancy and arrivals of the hospitals: counts, no person behind them."""

from __future__ import annotations

from apps.sensing.services.waves import Wave, WaveSimulator

WAVES = {
    "occupancy": Wave(mean=86, swing=5, peak_hour=4, noise=1.2),
    "arrivals": Wave(mean=14, swing=9, peak_hour=3, noise=2),
}


class HospitalSimulator(WaveSimulator):
    """Bed occupancy and arrivals an hour."""

    def __init__(self) -> None:
        super().__init__("hospital", WAVES)
