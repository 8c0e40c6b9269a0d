"""Forecasts against what came true, for one datastream."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.numbers import whole_number
from apps.portal.selectors.learning import forecasts_missing, recipe_title, track_records
from apps.portal.selectors.rows import plain
from apps.portal.selectors.streams import streams_visible
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer

SPAN = timedelta(days=2)
NUMBERS = ("value", "low80", "high80", "low95", "high95", "naive", "actual")
LAST = 30


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
        title=_("Forecasts and what came true"),
        streams=streams,
        stream=stream,
        points=[_point(row) for row in rows],
        table=list(reversed(rows))[:LAST],
        newest=newest,
        recipe=recipe_title(newest.model_version.recipe) if newest else "",
        missing=forecasts_missing(viewer),
        tracks=track_records(viewer, datastream=stream.pk) if stream else [],
    )


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
