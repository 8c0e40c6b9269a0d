"""Forecasts from the promoted model and fresh readings. Loads torch."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import product

import numpy as np
import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.training.models import Forecast, ModelVersion, Stage
from apps.training.nets.baselines import last_value
from apps.training.nets.conformal import LEVELS
from apps.training.nets.device import device_best
from apps.training.nets.forecaster import Forecaster
from apps.training.nets.panel import Floats, Panel
from apps.training.selectors.recipes import recipe_get
from apps.training.services.panels import floor_time, panel_read
from apps.training.services.registry import file_digest, model_path
from apps.training.signals import forecasts_issued

LEAST_SEEN = 0.5  # share of the input that must have been read
BATCH = 2000
log = structlog.get_logger("training")


def forecasts_issue(*, now: datetime | None = None) -> int:
    """Forecast with every promoted model; a model without fresh readings is skipped and logged."""
    count = 0
    for model in ModelVersion.objects.filter(stage=Stage.PROMOTED).select_related("run"):
        try:
            count += forecast_issue(model, now=now)
        except ProblemError as error:
            log.info("forecast_refused", model=str(model), reason=error.code)
    return count


def forecast_issue(model: ModelVersion, *, now: datetime | None = None) -> int:
    """Store the forecast of one model from the readings up to ``now``; how many rows are new.

    Raises ProblemError when too little of the input was read.
    """
    made_at = now or timezone.now()
    forecaster, run = _forecaster(model.pk, model.digest), model.run
    step, history = run.config["step"], forecaster.config.steps_in
    end = floor_time(made_at, step=step)
    panel = panel_read(run.datastreams, begin=end - timedelta(seconds=step * history), end=end, step=step)
    _check_fresh(panel, history)
    bands = _bands(forecaster, panel, model)
    rows = _rows(model, bands, end=end, made_at=made_at)
    stored = _store(rows)
    send = partial(
        forecasts_issued.send, sender=Forecast, model_id=model.pk, datastream_ids=list(run.datastreams)
    )
    transaction.on_commit(send)
    return stored


@lru_cache(maxsize=8)
def _forecaster(model_id: int, digest: str) -> Forecaster:
    """The network of a version, kept in the worker; a file that is not the registered one is refused."""
    path = model_path(ModelVersion.objects.get(pk=model_id))
    if not path.exists() or file_digest(path) != digest:
        raise ProblemError(_("The file of the model is missing or was changed."), "file", 409, "file")
    return Forecaster.load(path, device=device_best())


def _check_fresh(panel: Panel, history: int) -> None:
    seen = np.isfinite(panel.values)
    if len(seen) < history or seen.mean() < LEAST_SEEN or not seen[-1].any():
        words = _("Only %(share)d %% of the input was read, or its last step is missing.")
        values = {"share": round(100 * float(seen.mean())) if seen.size else 0}
        raise ProblemError(words % values, "datastreams", 409, "too_little_data")


def _bands(forecaster: Forecaster, panel: Panel, model: ModelVersion) -> Floats:
    """Value, bounds of 80 and 95 %, last value: (6, H, N), kept inside what the kind can be."""
    if forecaster.calibration is None:
        raise ProblemError(_("The model has no calibrated intervals."), "coverage", 409, "uncalibrated")
    start = np.array([0])
    made = forecaster.predict(panel, start)
    bounds = [forecaster.calibration.interval(made.point, made.spread, level=level) for level in LEVELS]
    naive = last_value(panel, start, history=forecaster.config.steps_in, horizon=forecaster.config.steps_out)
    bands = np.concatenate([made.point, *(side for pair in bounds for side in pair), naive])
    domain, recipe = recipe_get(model.recipe)
    kind = domain.kind(recipe.kind)
    inside: Floats = np.clip(bands, kind.low, kind.high)
    return inside


def _rows(model: ModelVersion, bands: Floats, *, end: datetime, made_at: datetime) -> list[Forecast]:
    step, streams = timedelta(seconds=model.run.config["step"]), model.run.datastreams
    return [
        Forecast(
            model_version=model,
            datastream_id=stream,
            made_at=made_at,
            data_until=end,
            target_time=end + step * ahead,
            **dict(zip(COLUMNS, bands[:, ahead, place].tolist(), strict=True)),
        )
        for ahead, (place, stream) in product(range(bands.shape[1]), enumerate(streams))
    ]


COLUMNS = ("value", "low80", "high80", "low95", "high95", "naive")


@transaction.atomic
def _store(rows: list[Forecast]) -> int:
    """Add what is not there yet: the same forecast is issued once."""
    before = _count(rows[0])
    Forecast.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return _count(rows[0]) - before


def _count(row: Forecast) -> int:
    return Forecast.objects.filter(model_version=row.model_version, data_until=row.data_until).count()
