"""Learning: how long forecasts are kept."""

from __future__ import annotations

from cityplatform.settings import env

FORECAST_KEPT_DAYS = env.integer(
    "FORECAST_KEPT_DAYS", 30, "Days that forecasts are kept at least; they go by whole months."
)
