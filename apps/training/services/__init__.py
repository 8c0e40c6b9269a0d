"""Writes of the learning app that are light enough for the web process.

``training`` and ``forecasting`` beside this file load torch: only tasks and commands import them.
"""

from __future__ import annotations

from apps.training.data import RunOptions
from apps.training.services.keeping import forecasts_ahead, forecasts_prune
from apps.training.services.registry import model_promote
from apps.training.services.runs import run_cancel, run_create, run_resume
from apps.training.services.settling import forecasts_settle

__all__ = [
    "RunOptions",
    "forecasts_ahead",
    "forecasts_prune",
    "forecasts_settle",
    "model_promote",
    "run_cancel",
    "run_create",
    "run_resume",
]
