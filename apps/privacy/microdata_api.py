"""Releases of rows about people, and guarded counts, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer
from apps.privacy.models import MicroRelease
from apps.privacy.services.counts import CountQuestion, counts_answer
from apps.privacy.services.microdata import (
    FILES,
    MicroWish,
    microrelease_ask,
    microrelease_decide,
    microrelease_file,
)
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer

SHOWN = [field.name for field in MicroRelease._meta.concrete_fields if field.name != "content"]
MicroReleaseSerializer = policy_serializer(MicroRelease, fields=SHOWN)


class MicroReleaseWishSerializer(BodySerializer[Any]):
    """Which columns of which table, for what purpose, for whom."""

    table = serializers.CharField(max_length=60)
    columns = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=12)
    purpose = serializers.CharField(max_length=40)
    recipient = serializers.CharField(max_length=80)


class ReasonSerializer(BodySerializer[Any]):
    """Why a release is refused."""

    reason = serializers.CharField(max_length=300)


class MicroReleaseViewSet(PolicyViewSet):
    """Releases of rows about people: generalised, with pseudonyms of one recipient."""

    programs = ()  # one's own affairs, not a program's
    queryset = MicroRelease.objects.defer("content")
    serializer_class = MicroReleaseSerializer
    filterset_fields = ("domain", "table", "state")
    query_names = ("file",)

    @extend_schema(request=MicroReleaseWishSerializer, responses={201: MicroReleaseSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a release; somebody else with the capability ``approve`` decides."""
        asked = MicroReleaseWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = microrelease_ask(MicroWish(**asked.validated_data), viewer=request_viewer(request))
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MicroReleaseSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve and make the release; it is blocked when it cannot be made anonymous enough."""
        made = microrelease_decide(self.get_object(), viewer=request_viewer(request), approve=True)
        return Response(self.get_serializer(made).data)

    @extend_schema(request=ReasonSerializer, responses=MicroReleaseSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse the release, with the reason."""
        words = ReasonSerializer(data=request.data)
        words.is_valid(raise_exception=True)
        made = microrelease_decide(
            self.get_object(),
            viewer=request_viewer(request),
            approve=False,
            reason=words.validated_data["reason"],
        )
        return Response(self.get_serializer(made).data)

    @extend_schema(
        filters=False,
        parameters=[OpenApiParameter("file", str, enum=list(FILES), description="Default: csv.")],
        responses={(200, kind.partition(";")[0]): OpenApiTypes.BINARY for kind in FILES.values()},
    )
    @action(detail=True)
    def download(self, request: Request, pk: str) -> HttpResponse:
        """The rows as a file, for the person who asked; recorded each time."""
        kind = request.query_params.get("file", "csv")
        found = self.get_object()
        content, media = microrelease_file(found, viewer=request_viewer(request), kind=kind)
        name = f"{found.table.replace('.', '-')}-{found.pk}.{kind}"
        return HttpResponse(
            content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


class CountsSerializer(BodySerializer[Any]):
    """A table of counts; null is a hidden count, or the label of all lines whose counts are hidden."""

    rows = serializers.ListField(child=serializers.CharField(allow_null=True))
    columns = serializers.ListField(child=serializers.CharField(allow_null=True))
    cells = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(allow_null=True))
    )
    row_totals = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    column_totals = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    total = serializers.IntegerField(allow_null=True)
    answered_at = serializers.DateTimeField()


class CountQuestionSerializer(BodySerializer[Any]):
    """Which counts of which table."""

    table = serializers.CharField(max_length=60)
    rows = serializers.CharField(max_length=40)
    columns = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    where = serializers.DictField(
        child=serializers.CharField(max_length=80, allow_blank=True), required=False, default=dict
    )
    purpose = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class CountsView(ReadingView):
    """Counts of people and their rows."""

    @extend_schema(operation_id="privacy_counts", request=CountQuestionSerializer, responses=CountsSerializer)
    def post(self, request: Request) -> Response:
        """How many rows have which values: small counts hidden, differences of few people refused."""
        asked = CountQuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answer = counts_answer(CountQuestion(**asked.validated_data), viewer=request_viewer(request))
        return Response(CountsSerializer(answer).data)
