"""Why a promoted version does not forecast, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.core.errors import ProblemError
from apps.core.quantities import full_moment
from apps.core.sentences import sentence as _
from apps.training.models import ModelVersion, Stage

REASONS = {
    "too_little_data": gettext_lazy(
        "Only %(share)d %% of the past readings that it needs are there, or the newest step is missing. It "
        "forecasts again once they have come; feeds that are silent stand among the datastreams."
    ),
    "file": gettext_lazy("The file of the model is missing or was changed: promote another version."),
    "uncalibrated": gettext_lazy("The model has no calibrated intervals: promote another version."),
    "other_model": gettext_lazy("Version %(version)d of the same recipe forecasts all its series."),
    "fault": gettext_lazy("It stopped by a fault; see the log of the worker."),
}
LATE_STEPS = 3  # so many steps without a forecast, and the version counts as silent
LEAST_LATE = timedelta(minutes=15)


class ForecastRefusedError(ProblemError):
    """A version cannot forecast now; ``reason`` is what the registry keeps: a code and its numbers."""

    def __init__(self, code: str, **numbers: int) -> None:
        self.reason: dict[str, Any] = {"code": code, **numbers}
        super().__init__(refusal_sentence(self.reason), "model_version", 409, code)


def refusal_sentence(reason: Mapping[str, Any]) -> str:
    """The stored reason as a sentence."""
    return str(REASONS[reason["code"]]) % reason


def forecast_silence(model: ModelVersion) -> str:
    """Why a promoted version does not forecast; empty while it does, and for versions that need not."""
    if model.stage != Stage.PROMOTED:
        return ""
    if model.refusal:
        return refusal_sentence(model.refusal)
    since = model.forecast_at or model.promoted_at
    late = max(LEAST_LATE, timedelta(seconds=LATE_STEPS * model.run.config["step"]))
    if since is None or timezone.now() - since <= late:
        return ""
    words = _("No worker has asked it since %(since)s: see whether the worker for forecasts runs.")
    return words % {"since": full_moment(since)}
