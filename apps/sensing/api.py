"""REST collections of sensing: things, datastreams, observations, series and uploads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.core.parameters import ReadingView, choice_check
from apps.core.serializers import BodySerializer
from apps.privacy.services import visible_rows
from apps.privacy.services.rest import policy_serializer, policy_viewset, request_viewer
from apps.sensing.buckets_api import BucketsView, readings_check
from apps.sensing.corrections_api import EditViewSet, QuarantineViewSet
from apps.sensing.devices_api import DeviceViewSet
from apps.sensing.exports_api import ExportView
from apps.sensing.models import Datastream, LatestValue, Observation, ObservedProperty, Revision
from apps.sensing.periods import moment_asked, period_asked
from apps.sensing.rules_api import CleaningRuleViewSet
from apps.sensing.selectors import Bucket, Series, observations_known, series_between, series_known
from apps.sensing.things_api import DatastreamViewSet, ThingViewSet
from apps.sensing.uploads_api import UploadViewSet

BUCKETS: tuple[Bucket, ...] = ("raw", "minute", "hour", "day")
RAW_LIMIT, KNOWN_LIMIT = timedelta(days=7), timedelta(days=31)


class SeriesSerializer(BodySerializer[Any]):
    """One datastream over time; null marks a gap."""

    datastream = serializers.IntegerField()
    unit = serializers.CharField()
    bucket = serializers.ChoiceField(BUCKETS)
    times = serializers.ListField(child=serializers.IntegerField())
    values = serializers.ListField(child=serializers.FloatField(allow_null=True))
    lows = serializers.ListField(child=serializers.FloatField(allow_null=True))
    highs = serializers.ListField(child=serializers.FloatField(allow_null=True))
    quality = serializers.ListField(child=serializers.IntegerField())


def bucket_parameter(request: Request) -> Bucket:
    """The width of the buckets from the query."""
    wanted = request.query_params.get("bucket", "raw")
    choice_check(wanted, BUCKETS, "bucket")
    return next(bucket for bucket in BUCKETS if bucket == wanted)


class SeriesView(ReadingView):
    """A chart's data."""

    programs = SAFE_METHODS
    query_names = ("start", "end", "bucket", "known_at")

    @extend_schema(
        operation_id="sensing_series",
        parameters=[
            OpenApiParameter("start", datetime, description="Default: a day ago."),
            OpenApiParameter("end", datetime, description="Default: now."),
            OpenApiParameter("bucket", str, enum=BUCKETS),
            OpenApiParameter("known_at", datetime, description="As it was known then; default: now."),
        ],
        responses=SeriesSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The series of one datastream, raw or rolled up."""
        viewer = request_viewer(request)
        streams = visible_rows(viewer, Datastream.objects.select_related("thing"))
        stream = get_object_or_404(streams, pk=pk)
        readings_check(viewer, stream)
        start, end = period_asked(request, default=timedelta(days=1), now=timezone.now())
        bucket = bucket_parameter(request)
        if bucket == "raw" and end - start > RAW_LIMIT:
            raise ProblemError(_("Raw values are given for at most 7 days; choose a wider bucket."), "bucket")
        series = _series(request, {"datastream_id": pk, "start": start, "end": end, "bucket": bucket})
        body = {"datastream": pk, "unit": stream.unit, "bucket": bucket}
        return Response({**body, **{name: getattr(series, name) for name in series.__slots__}})


def _series(request: Request, wanted: dict[str, Any]) -> Series:
    """The series as it stands, or as it was known at the moment that the query names."""
    if not request.query_params.get("known_at"):
        return series_between(**wanted)
    if wanted["end"] - wanted["start"] > KNOWN_LIMIT:
        raise ProblemError(_("An earlier state is given for at most 31 days."), "known_at")
    return series_known(**wanted, known_at=moment_asked(request, "known_at", timezone.now()))


@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter("datastream", int, required=True),
            OpenApiParameter("start", datetime, description="Default: a day ago."),
            OpenApiParameter("end", datetime, description="Default: now."),
            OpenApiParameter("known_at", datetime, description="As they were known then, in one page."),
        ]
    )
)
class ObservationsView(ListAPIView[Any]):
    """Raw observations of one datastream, in time order."""

    programs = SAFE_METHODS

    queryset = Observation.objects.all()
    serializer_class = policy_serializer(
        Observation, fields=["datastream", "phenomenon_time", "result", "quality", "flags"]
    )
    query_names = ("datastream", "start", "end", "known_at")
    keyset = ("phenomenon_time",)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The observations as they stand, page by page, or all of them as they were known at a moment."""
        if not request.query_params.get("known_at"):
            return super().list(request, *args, **kwargs)
        visible = self.filter_queryset(self.get_queryset())
        wanted = {} if visible.query.is_empty() else self._known(request)
        rows = observations_known(**wanted) if wanted else []
        return Response(
            {"next": None, "previous": None, "results": self.get_serializer(rows, many=True).data}
        )

    def _known(self, request: Request) -> dict[str, Any]:
        start, end = period_asked(request, default=timedelta(days=1), now=timezone.now())
        if end - start > RAW_LIMIT:
            raise ProblemError(_("An earlier state of raw values is given for at most 7 days."), "known_at")
        streams = [int(request.query_params["datastream"])]  # get_queryset has read it already
        known_at = moment_asked(request, "known_at", timezone.now())
        return {"datastream_ids": streams, "start": start, "end": end, "known_at": known_at}

    def get_queryset(self) -> QuerySet[Any]:
        """The observations of ``datastream`` between ``start`` and ``end``."""
        if getattr(self, "swagger_fake_view", False):
            return Observation.objects.none()
        viewer, wanted = (
            request_viewer(self.request),
            whole_number(self.request.query_params.get("datastream")),
        )
        if wanted is None:
            raise ProblemError(_("Name one datastream by its id."), "datastream", code="missing")
        if not visible_rows(viewer, Datastream.objects.filter(pk=wanted)).exists():
            detail = _("There is no such datastream, or you may not see it.")
            raise ProblemError(detail, "datastream", 404, "unknown")
        start, end = period_asked(self.request, default=timedelta(days=1), now=timezone.now())
        rows = Observation.objects.filter(datastream_id=wanted, phenomenon_time__gte=start)
        return rows.filter(phenomenon_time__lt=end)


ROUTES = {
    "things": ThingViewSet,
    "observed-properties": policy_viewset(ObservedProperty),
    "datastreams": DatastreamViewSet,
    "latest": policy_viewset(LatestValue, filters=["quality"]),
    "quarantine": QuarantineViewSet,
    "corrections": EditViewSet,
    "cleaning-rules": CleaningRuleViewSet,
    "devices": DeviceViewSet,
    "revisions": policy_viewset(Revision, filters=["datastream", "edit"]),
    "uploads": UploadViewSet,
}
VIEWS = {
    "series/<int:pk>/": SeriesView,
    "buckets/<int:pk>/": BucketsView,
    "observations/": ObservationsView,
    "export/": ExportView,
}
