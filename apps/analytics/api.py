"""Analyses for programs: ask, follow the job, read the answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.analytics.data import Question
from apps.analytics.models import KINDS, Analysis
from apps.analytics.services import analysis_ask
from apps.core.serializers import BodySerializer, DomainField
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer

AnalysisSerializer = policy_serializer(Analysis)
DAY = 86_400


class QuestionSerializer(BodySerializer[Any]):
    """A question; see the field descriptions for which kind needs which."""

    kind = serializers.ChoiceField(KINDS)
    domain = DomainField()
    streams = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=200
    )
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    step = serializers.IntegerField(min_value=60, max_value=DAY, default=3600, help_text="Seconds of a step.")
    target = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        default=0,
        help_text="Regression, classification: the stream to explain.",
    )
    limit = serializers.FloatField(default=0.0, help_text="Classification, bottleneck: what counts as high.")
    period = serializers.IntegerField(
        min_value=2, max_value=10_000, default=24, help_text="Steps of a season."
    )
    offset_hours = serializers.IntegerField(
        min_value=-12, max_value=14, default=8, help_text="Local time is UTC plus this."
    )
    layer = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="Areas: a polygon layer."
    )


class AnalysisViewSet(PolicyViewSet):
    """Questions over the history and their answers."""

    queryset = Analysis.objects.select_related("job")
    serializer_class = AnalysisSerializer
    filterset_fields = ("domain", "kind", "engine")
    keyset = ("-created_at", "-id")

    @extend_schema(request=QuestionSerializer, responses={201: AnalysisSerializer})
    def create(self, request: Request) -> Response:
        """Ask; the answer comes with the job."""
        asked = QuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = {**asked.validated_data, "streams": tuple(asked.validated_data["streams"])}
        analysis = analysis_ask(Question(**values), viewer=request_viewer(request))
        return Response(self.get_serializer(analysis).data, status=status.HTTP_201_CREATED)


ROUTES = {"analyses": AnalysisViewSet}
