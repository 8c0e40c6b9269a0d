"""The model card, written in the language of the reader from what the registry holds."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.quantities import day, number, quantity
from apps.training.models import ModelVersion
from apps.training.selectors.models import promotion_obstacles
from apps.training.selectors.recipes import baseline_title, recipe_title, recipe_unit


def model_card(model: ModelVersion) -> str:
    """What the model is for, what it learned from, how well it does, and where not to trust it."""
    parts = (_purpose, _privacy, _errors, _intervals, _limits)
    return "\n".join(line for part in parts for line in part(model))


def _purpose(model: ModelVersion) -> list[str]:
    run = model.run
    return [
        f"{recipe_title(model.recipe)}, v{model.version}",
        _("Learned from %(count)d series, %(begin)s to %(end)s.")
        % {
            "count": len(run.datastreams),
            "begin": day(run.data_from),
            "end": day(run.data_until),
        },
        _("Data fingerprint %(data)s, code %(code)s, seed %(seed)d.")
        % {"data": model.fingerprint[:12], "code": model.code_version, "seed": run.seed},
    ]


def _privacy(model: ModelVersion) -> list[str]:
    config = model.run.config
    if "privacy" not in config:
        return []
    promise, net = config["privacy"], config["net"]
    words = _(
        "Trained with differential privacy: epsilon %(spent)s of at most %(epsilon)s at delta %(delta)s."
    )
    unit = _(
        "Protected is one block of %(minutes)d minutes of readings; the errors and intervals come from later "
        "readings and are not covered."
    )
    numbers = {
        "spent": config.get("spent_epsilon", "–"),
        "epsilon": promise["epsilon"],
        "delta": promise["delta"],
    }
    return [words % numbers, unit % {"minutes": (net["steps_in"] + net["steps_out"]) * config["step"] // 60}]


def _errors(model: ModelVersion) -> list[str]:
    lines = [_("Errors on the last part of the data, which the network never saw (RMSE / MAE):")]
    unit = recipe_unit(model.recipe)
    for minutes in sorted(model.metrics, key=int):
        named = [(_("network"), model.metrics[minutes])]
        named += [(baseline_title(key), rows[minutes]) for key, rows in model.baselines.items()]
        cells = pgettext("between clauses", "; ").join(
            f"{name} {number(row['rmse'])} / {quantity(row['mae'], unit)}" for name, row in named
        )
        lines.append(_("%(minutes)s min: %(cells)s") % {"minutes": minutes, "cells": cells})
    return lines


def _intervals(model: ModelVersion) -> list[str]:
    unit = recipe_unit(model.recipe)
    return [
        _("The %(level)s %% interval held %(covered)s %% of the values of that part; mean width %(width)s.")
        % {"level": level, "covered": round(100 * row["covered"], 1), "width": quantity(row["width"], unit)}
        for level, row in sorted(model.coverage.items())
    ]


def _limits(model: ModelVersion) -> list[str]:
    lines = [_("Not for: series that were not in the data, and days unlike any in it (holidays, closures).")]
    obstacles = promotion_obstacles(model)
    if obstacles:
        lines.append(_("It does not beat every baseline and cannot be promoted:"))
    return [*lines, *obstacles]
