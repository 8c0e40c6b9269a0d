"""A trained forecaster beside its baselines on a period that neither has seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.training.nets.baselines import last_value, profile_daily, profile_weekly
from apps.training.nets.conformal import LEVELS, coverage
from apps.training.nets.forecaster import Forecaster
from apps.training.nets.metrics import Score, score
from apps.training.nets.panel import Indices, Panel, Split, starts_between, starts_tgcn

MODEL = "model"
BASELINES = ("last_value", "daily_profile", "weekly_profile")


@dataclass(frozen=True, slots=True)
class Reach:
    """Errors of the model and of every baseline over the first ``minutes`` of the horizon."""

    minutes: int
    windows: int
    scores: dict[str, Score]


@dataclass(frozen=True, slots=True)
class Interval:
    """What an interval promised, what it kept, and how wide it was on average."""

    level: float
    covered: float
    width: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The proof of one model on its test part."""

    reaches: tuple[Reach, ...]
    intervals: tuple[Interval, ...]


def calibration_starts(split: Split, *, history: int, horizon: int) -> Indices:
    """Windows between the part that chose the epoch and the test part."""
    return starts_between(split.select, split.calibrate, history=history, horizon=horizon)


def evaluate(forecaster: Forecaster, panel: Panel, split: Split) -> Evaluation:
    """Errors at each quarter of the horizon, in T-GCN's windows, and the coverage of the intervals."""
    horizon = forecaster.config.steps_out
    steps = sorted({max(1, horizon * quarter // 4) for quarter in (1, 2, 3, 4)})
    reaches = tuple(_reach(forecaster, panel, split, ahead) for ahead in steps)
    return Evaluation(reaches, _intervals(forecaster, panel, split))


def _reach(forecaster: Forecaster, panel: Panel, split: Split, ahead: int) -> Reach:
    history = forecaster.config.steps_in
    size = {"history": history, "horizon": ahead}
    starts = starts_tgcn(split.calibrate, split.test, **size)
    actual = panel.window(starts + history, ahead)
    made = {
        MODEL: forecaster.predict(panel, starts).point[:, :ahead],
        "last_value": last_value(panel, starts, **size),
        "daily_profile": profile_daily(panel, end=split.calibrate).predict(panel, starts, **size),
        "weekly_profile": profile_weekly(panel, end=split.calibrate).predict(panel, starts, **size),
    }
    scores = {name: score(predicted, actual) for name, predicted in made.items()}
    return Reach(ahead * panel.step // 60, len(starts), scores)


def _intervals(forecaster: Forecaster, panel: Panel, split: Split) -> tuple[Interval, ...]:
    limits, config = forecaster.calibration, forecaster.config
    if limits is None:
        return ()
    starts = starts_tgcn(split.calibrate, split.test, history=config.steps_in, horizon=config.steps_out)
    actual = panel.window(starts + config.steps_in, config.steps_out)
    made = forecaster.predict(panel, starts)
    found = []
    for level in LEVELS:
        low, high = limits.interval(made.point, made.spread, level=level)
        found.append(Interval(level, coverage(low, high, actual), float(np.mean(high - low))))
    return tuple(found)
