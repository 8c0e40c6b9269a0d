"""Questions about runs, models and forecasts; light enough for the web process."""

from __future__ import annotations

from apps.training.selectors.cards import model_card
from apps.training.selectors.forecasts import (
    forecasts_expected,
    forecasts_expected_from,
    forecasts_latest,
    forecasts_newest,
    forecasts_track_record,
)
from apps.training.selectors.models import model_promoted, promotion_obstacles
from apps.training.selectors.recipes import baseline_title, recipe_get, recipe_title, recipe_unit, recipes_of
from apps.training.selectors.silence import forecast_silence

__all__ = [
    "baseline_title",
    "forecast_silence",
    "forecasts_expected",
    "forecasts_expected_from",
    "forecasts_latest",
    "forecasts_newest",
    "forecasts_track_record",
    "model_card",
    "model_promoted",
    "promotion_obstacles",
    "recipe_get",
    "recipe_title",
    "recipe_unit",
    "recipes_of",
]
