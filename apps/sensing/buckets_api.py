"""``GET /api/v1/sensing/buckets/<datastream>/``: a chart of any length in as many points as it can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.core.numbers import number_read
from apps.core.parameters import ReadingView, choice_check
from apps.core.serializers import BodySerializer
from apps.privacy.services import decide, visible_rows
from apps.privacy.services.rest import request_viewer
from apps.sensing.charts.points import Points
from apps.sensing.charts.thinning import thinned_lttb, thinned_minmax
from apps.sensing.charts.widths import STEPS, Source, finest_within, source_for, width_for
from apps.sensing.models import Datastream
from apps.sensing.periods import period_asked
from apps.sensing.selectors.buckets import points_bucketed, points_of_source

THIN: dict[str, Callable[..., Points]] = {"minmax": thinned_minmax, "lttb": thinned_lttb}
METHODS = ("mean", *THIN)
FEWEST, USUAL, MOST = 10, 1000, 20_000  # points
MOST_READ = 50_000  # rows that are thinned
MINUTE, WIDEST = 60, 366 * 86_400  # seconds
READ = (("sensing.Observation", "result"), ("sensing.RollupHour", "total"), ("sensing.RollupHour", "highest"))


class BucketsSerializer(BodySerializer[Any]):
    """One datastream over time; null marks a bucket without usable readings."""

    datastream = serializers.IntegerField()
    unit = serializers.CharField()
    table = serializers.ChoiceField(("raw", *STEPS), help_text="The table that was read.")
    width = serializers.IntegerField(help_text="Seconds of a bucket; 0 where rows were picked.")
    method = serializers.ChoiceField(METHODS)
    times = serializers.ListField(child=serializers.IntegerField(), help_text="Unix milliseconds.")
    values = serializers.ListField(child=serializers.FloatField(allow_null=True))
    lows = serializers.ListField(child=serializers.FloatField(allow_null=True))
    highs = serializers.ListField(child=serializers.FloatField(allow_null=True))
    counts = serializers.ListField(child=serializers.IntegerField())
    quality = serializers.ListField(child=serializers.IntegerField())


@dataclass(frozen=True, slots=True)
class ChartAsked:
    """What a chart shows; a width of 0 leaves the choice to us."""

    start: datetime
    end: datetime
    width: int
    points: int
    method: str

    @property
    def span(self) -> float:
        """Seconds from start to end."""
        return (self.end - self.start).total_seconds()


class BucketsView(ReadingView):
    """A chart's data."""

    programs = SAFE_METHODS
    query_names = ("start", "end", "width", "points", "method")

    @extend_schema(
        operation_id="sensing_buckets",
        parameters=[
            OpenApiParameter("start", datetime, description="Default: a day before the end."),
            OpenApiParameter("end", datetime, description="Default: now."),
            OpenApiParameter("width", str, description="Seconds (whole minutes), or auto."),
            OpenApiParameter("points", int, description="Most points, 10 to 20000; default 1000."),
            OpenApiParameter("method", str, enum=METHODS),
        ],
        responses=BucketsSerializer,
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Means of buckets, or rows picked so that the chart looks like all of them (minmax, lttb)."""
        viewer, asked = request_viewer(request), chart_asked(request)
        streams = visible_rows(viewer, Datastream.objects.select_related("thing"))
        stream = get_object_or_404(streams, pk=pk)
        readings_check(viewer, stream)
        source, width, points = chart_points(stream, asked)
        facts = {
            "datastream": pk,
            "unit": stream.unit,
            "table": source,
            "width": width,
            "method": asked.method,
        }
        columns = {name: getattr(points, name) for name in Points.__slots__}
        body = orjson.dumps(facts | columns, option=orjson.OPT_SERIALIZE_NUMPY)
        return HttpResponse(body, content_type="application/json")


def chart_asked(request: Request) -> ChartAsked:
    """The parameters; each fault names its parameter and the fix."""
    query = request.query_params
    start, end = period_asked(request, default=timedelta(days=1), now=timezone.now())
    points = number_read(query.get("points", str(USUAL)), name="points", low=FEWEST, high=MOST)
    text, method = query.get("width", "auto"), query.get("method", "mean")
    width = 0 if text == "auto" else number_read(text, name="width", low=MINUTE, high=WIDEST)
    if width % MINUTE:
        raise ProblemError(_("Give whole minutes: 60, 120, 180 seconds and so on."), "width")
    choice_check(method, METHODS, "method")
    if width and (end - start).total_seconds() / width > MOST:
        raise ProblemError(_("These are too many buckets; choose a wider one or a shorter period."), "width")
    return ChartAsked(start, end, width, points, method)


def readings_check(viewer: Viewer, stream: Datastream) -> None:
    """403 where the viewer's clearance does not show readings."""
    if not all(decide(viewer, model, field, domain=stream.thing.domain).is_clear for model, field in READ):
        raise ProblemError(_("Your clearance does not show readings."), status=403, code="clearance")


def chart_points(stream: Datastream, asked: ChartAsked) -> tuple[Source, int, Points]:
    """The table that was read, the width of its buckets (0 where rows were picked), and the points."""
    period: dict[str, Any] = {"datastream_id": stream.pk, "start": asked.start, "end": asked.end}
    interval, thin = max(stream.interval, 1), THIN.get(asked.method)
    most = MOST_READ if thin else asked.points
    if asked.width:
        source = source_for(asked.width)
        rows = points_bucketed(**period, width=asked.width)
    elif thin or asked.span / interval <= most:
        source = finest_within(asked.span, interval=interval, most=most)
        rows = points_of_source(**period, source=source)
    else:
        width = width_for(asked.span, points=asked.points)
        return source_for(width), width, points_bucketed(**period, width=width)
    return source, 0 if thin else asked.width, thin(rows, points=asked.points) if thin else rows


VIEWS = {"buckets/<int:pk>/": BucketsView}
