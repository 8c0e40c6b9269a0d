"""Forecasts against what came true for one datastream, and of many at one moment ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.numbers import whole_number
from apps.portal.selectors.learning import forecasts_missing, recipe_title, track_records
from apps.portal.selectors.outlook import outlook, recipes_visible
from apps.portal.selectors.rows import plain
from apps.portal.selectors.streams import streams_visible
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer

SPAN = timedelta(days=2)
NUMBERS = ("value", "low80", "high80", "low95", "high95", "naive", "actual")
LAST = 30
FALLING = "falling"


@needs(Capability.VIEW)
def forecasts(request: HttpRequest) -> HttpResponse:
    """The chart of two days, the last issued rows as a table, and the track record."""
    viewer = request_viewer(request)
    streams = streams_visible(viewer).filter(
        pk__in=plain(viewer, "training.Forecast").values("datastream").distinct()
    )
    wanted = whole_number(request.GET.get("datastream"))
    stream = streams.first() if wanted is None else streams.filter(pk=wanted).first()
    rows = list(_rows(viewer, stream)) if stream else []
    newest = max(rows, key=lambda row: row.made_at, default=None)
    return page(
        request,
        "portal/forecasts.html",
        title=_("Forecasts and observed values"),
        streams=streams,
        stream=stream,
        points=[_point(row) for row in rows],
        table=list(reversed(rows))[:LAST],
        newest=newest,
        recipe=recipe_title(newest.model_version.recipe) if newest else "",
        missing=forecasts_missing(viewer),
        tracks=track_records(viewer, datastream=stream.pk) if stream else [],
    )


@needs(Capability.VIEW)
def outlook_page(request: HttpRequest) -> HttpResponse:
    """Every series of one recipe at one moment ahead, what stands out first."""
    viewer = request_viewer(request)
    recipes = recipes_visible(viewer)
    wanted = request.GET.get("recipe", "")
    chosen = wanted if wanted in recipes else next(iter(recipes), "")
    order = request.GET.get("order", "")
    found = outlook(viewer, chosen, at=_moment(request), is_falling=order == FALLING) if chosen else None
    domain, recipe = recipes.get(chosen, (None, None))
    return page(
        request,
        "portal/outlook.html",
        title=_("Outlook"),
        recipes=[(key, f"{one.title} · {what.title}") for key, (one, what) in recipes.items()],
        chosen=chosen,
        kind=domain.kind(recipe.kind) if domain and recipe else None,
        order=order,
        outlook=found,
    )


def _moment(request: HttpRequest) -> datetime | None:
    try:
        return parse_datetime(request.GET.get("at", ""))
    except ValueError:  # such as the 30th of February
        return None


def _rows(viewer: Viewer, stream: Any) -> QuerySet[Any]:
    """For each moment the forecast that was made last, as far as two days back."""
    rows = plain(viewer, "training.Forecast").filter(
        datastream=stream, target_time__gte=timezone.now() - SPAN
    )
    return (
        rows.select_related("model_version")
        .order_by("target_time", "-data_until", "-made_at")
        .distinct("target_time")
    )


def _point(row: Any) -> dict[str, Any]:
    return {"target_time": row.target_time.isoformat(), **{name: getattr(row, name) for name in NUMBERS}}
