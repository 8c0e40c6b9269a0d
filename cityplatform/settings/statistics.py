"""Statistics with differential privacy."""

from __future__ import annotations

from cityplatform.settings import env

STATISTICS_MILLISECONDS = env.integer(
    "STATISTICS_MILLISECONDS", 500, "Statistical answers come on whole multiples of this; time tells nothing."
)
