"""Forecasts from the promoted models and fresh readings. Loads torch."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.core.locks import Lock, locked
from apps.training.models import Forecast, ModelVersion, Stage
from apps.training.nets.baselines import last_value
from apps.training.nets.conformal import LEVELS
from apps.training.nets.device import device_best
from apps.training.nets.forecaster import Forecaster
from apps.training.nets.panel import Floats, Panel
from apps.training.selectors.recipes import recipe_get
from apps.training.selectors.silence import ForecastRefusedError
from apps.training.services.keeping import Issue, forecasts_write
from apps.training.services.panels import floor_time, panel_read
from apps.training.services.registry import file_digest, model_path

LEAST_SEEN = 0.5  # share of the input that must have been read
log = structlog.get_logger("training")


def forecasts_issue(*, now: datetime | None = None) -> int:
    """Forecast with every promoted model; how many values are new.

    A model that cannot is skipped, and the registry says why. A series has one forecast of a recipe for a
    moment: that of the live city goes before that of a named data set, then the model promoted last.
    """
    models = ModelVersion.objects.filter(stage=Stage.PROMOTED).select_related("run")
    count = 0
    with locked(Lock.FORECASTS, wait=True):
        for model in models.order_by("recipe", "scope", F("promoted_at").desc(nulls_last=True)):
            try:
                count += forecast_issue(model, now=now)
            except ForecastRefusedError as refused:
                log.info("forecast_refused", model=str(model), reason=refused.reason["code"])
            except Exception:
                log.exception("forecast_failed", model=str(model))  # the other models forecast all the same
    return count


def forecast_issue(model: ModelVersion, *, now: datetime | None = None) -> int:
    """Store the forecast of one model from the readings up to ``now``; how many values are new.

    Raises ForecastRefusedError, and the registry keeps its reason, when too little of the input was read,
    when the file of the model is not the registered one, or when other models forecast all its series.
    """
    try:
        stored = _issue(model, now or timezone.now())
    except ForecastRefusedError as refused:
        ModelVersion.objects.filter(pk=model.pk).update(refusal=refused.reason)
        raise
    except Exception:
        ModelVersion.objects.filter(pk=model.pk).update(refusal={"code": "fault"})
        raise
    issued = {"forecast_at": now or timezone.now()} if stored else {}
    ModelVersion.objects.filter(pk=model.pk).update(refusal={}, **issued)
    return stored


def _issue(model: ModelVersion, made_at: datetime) -> int:
    forecaster, run = _forecaster(model.pk, model.digest), model.run
    step, history = run.config["step"], forecaster.config.steps_in
    end = floor_time(made_at, step=step)
    panel = panel_read(run.datastreams, begin=end - timedelta(seconds=step * history), end=end, step=step)
    _check_fresh(panel, history)
    places = _places(model, end)
    if not places:
        return 0
    bands = _bands(forecaster, panel, model)[:, :, places]
    streams = [run.datastreams[place] for place in places]
    with transaction.atomic():
        return forecasts_write(Issue(model.pk, streams, made_at, end, timedelta(seconds=step)), bands)


def _places(model: ModelVersion, end: datetime) -> list[int]:
    """The columns of the network whose series no model of the recipe has forecast for this moment."""
    streams = model.run.datastreams
    known = Forecast.objects.filter(
        model_version__recipe=model.recipe, datastream__in=streams, data_until=end, target_time=end
    )
    done = dict(known.values_list("datastream_id", "model_version"))
    left = [place for place, stream in enumerate(streams) if stream not in done]
    others = ModelVersion.objects.filter(pk__in=set(done.values()) - {model.pk}, stage=Stage.PROMOTED)
    if not left and model.pk not in done.values() and (other := others.first()):
        raise ForecastRefusedError("other_model", model=other.pk, version=other.version)
    return left  # none of them where the version before has just forecast: this one begins with the next step


@lru_cache(maxsize=8)
def _forecaster(model_id: int, digest: str) -> Forecaster:
    """The network of a version, kept in the worker; a file that is not the registered one is refused."""
    path = model_path(ModelVersion.objects.get(pk=model_id))
    if not path.exists() or file_digest(path) != digest:
        raise ForecastRefusedError("file")
    return Forecaster.load(path, device=device_best())


def _check_fresh(panel: Panel, history: int) -> None:
    seen = np.isfinite(panel.values)
    if len(seen) < history or seen.mean() < LEAST_SEEN or not seen[-1].any():
        share = round(100 * float(seen.mean())) if seen.size else 0
        raise ForecastRefusedError("too_little_data", share=share)


def _bands(forecaster: Forecaster, panel: Panel, model: ModelVersion) -> Floats:
    """Value, bounds of 80 and 95 %, last value: (6, H, N), kept inside what the kind can be."""
    if forecaster.calibration is None:
        raise ForecastRefusedError("uncalibrated")
    start = np.array([0])
    made = forecaster.predict(panel, start)
    bounds = [forecaster.calibration.interval(made.point, made.spread, level=level) for level in LEVELS]
    naive = last_value(panel, start, history=forecaster.config.steps_in, horizon=forecaster.config.steps_out)
    bands = np.concatenate([made.point, *(side for pair in bounds for side in pair), naive])
    domain, recipe = recipe_get(model.recipe)
    kind = domain.kind(recipe.kind)
    inside: Floats = np.clip(bands, kind.low, kind.high)
    return inside
