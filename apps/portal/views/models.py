"""Model versions: the proof beside the baselines, the card, the promotion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.portal.selectors.learning import errors_by_hour, models_visible, recipe_title
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page, require
from apps.privacy.services.rest import request_viewer
from apps.training.selectors import (
    baseline_title,
    forecast_silence,
    model_card,
    promotion_obstacles,
    recipe_unit,
)
from apps.training.services import model_promote

PER_PAGE = 30


@needs(Capability.VIEW)
def models(request: HttpRequest) -> HttpResponse:
    """The registry, by recipe."""
    rows = Paginator(models_visible(request_viewer(request)), PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "model": row,
            "title": recipe_title(row.recipe),
            "obstacles": promotion_obstacles(row),
            "silence": forecast_silence(row),
        }
        for row in rows
    ]
    return page(request, "portal/models.html", title=_("Models"), rows=rows, lines=lines)


@needs(Capability.VIEW)
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with its proof and its card."""
    viewer = request_viewer(request)
    row = get_object_or_404(models_visible(viewer), pk=pk)
    return page(
        request,
        "portal/model.html",
        title=f"{recipe_title(row.recipe)} v{row.version}",
        model=row,
        card=model_card(row),
        names=_names(row),
        unit=recipe_unit(row.recipe),
        hours=errors_by_hour(viewer, row),
        proof=proof_rows(row.metrics, row.baselines),
        obstacles=promotion_obstacles(row),
        silence=forecast_silence(row),
        may_promote=viewer.may(row.domain, Capability.PROMOTE),
    )


def _names(row: Any) -> list[str]:
    return [_("Network"), *(capfirst(baseline_title(key)) for key in row.baselines)]


def proof_rows(metrics: Mapping[str, Any], baselines: Mapping[str, Any]) -> list[dict[str, Any]]:
    """By minutes ahead: the scores of the network, then of each baseline; ``best`` marks the lowest MAE."""
    rows = []
    for minutes in sorted(metrics, key=float):
        scores = [metrics[minutes], *(scored.get(minutes) for scored in baselines.values())]
        lowest = min((score["mae"] for score in scores if score), default=None)
        marked = [{"score": score, "best": bool(score) and score["mae"] == lowest} for score in scores]
        rows.append({"minutes": minutes, "scores": marked})
    return rows


@require_POST
@needs(Capability.PROMOTE)
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Let this version forecast; refused with the reason when a baseline is better."""
    viewer = request_viewer(request)
    row = get_object_or_404(models_visible(viewer), pk=pk)
    require(viewer, row.domain, Capability.PROMOTE)
    return act(
        request,
        lambda: model_promote(row, viewer=viewer),
        done=_("This version forecasts from now on."),
        back=reverse("admin:model", args=[pk]),
    )
