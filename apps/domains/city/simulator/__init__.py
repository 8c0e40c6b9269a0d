"""A plausible day in Haicheng: every value depends on the seed and the time alone."""

from __future__ import annotations

from apps.domains.city.simulator.live import CitySimulator

__all__ = ["CitySimulator"]
