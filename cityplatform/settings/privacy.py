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
RELEASE_K = env.integer(
    "RELEASE_K", 5, "Fewest people in a group of a release, and smallest count that is shown."
)
RELEASE_L = env.integer("RELEASE_L", 2, "Fewest different sensitive values in a group of a release.")
RELEASE_SUPPRESSED_PERCENT = env.integer(
    "RELEASE_SUPPRESSED_PERCENT", 5, "Most rows, in percent, that a release leaves out to become anonymous."
)
