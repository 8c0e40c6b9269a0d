"""Masks, releases and counts of personal data."""

from __future__ import annotations

from cityplatform.settings import env

# A millionth of a degree is a decimetre: whole numbers keep the grid exact.
PRIVACY_GRID_DEGREES = (
    env.integer(
        "PRIVACY_GRID_MICRODEGREES",
        10_000,
        "Width of the grid cell that a masked place is moved to, in millionths of a degree.",
    )
    / 1_000_000
)
