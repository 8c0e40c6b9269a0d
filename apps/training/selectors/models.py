"""Questions about the registry."""

from __future__ import annotations

from apps.core.quantities import quantity
from apps.core.sentences import sentence as _
from apps.training.models import ModelVersion, Stage
from apps.training.selectors.recipes import baseline_title, recipe_unit

JUDGED = ("mae", "rmse")


def model_promoted(recipe_id: str, *, scope: str = "") -> ModelVersion | None:
    """The version that forecasts now, if there is one."""
    return ModelVersion.objects.filter(recipe=recipe_id, scope=scope, stage=Stage.PROMOTED).first()


def promotion_obstacles(model: ModelVersion) -> list[str]:
    """Why a version may not be promoted: every baseline that it does not beat on the held-out period."""
    if not model.metrics:
        return [_("The version has no figures from a held-out period.")]
    minutes = max(model.metrics, key=int)  # the whole horizon
    own, unit = model.metrics[minutes], recipe_unit(model.recipe)
    return [
        _("Over %(minutes)s minutes its %(error)s is %(own)s, that of %(baseline)s is %(other)s.")
        % {
            "minutes": minutes,
            "error": error.upper(),
            "own": quantity(own[error], unit),
            "baseline": baseline_title(name),
            "other": quantity(rows[minutes][error], unit),
        }
        for name, rows in model.baselines.items()
        for error in JUDGED
        if own[error] is None or own[error] >= rows[minutes][error]
    ]
