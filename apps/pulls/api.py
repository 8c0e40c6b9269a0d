"""Sources for programs: name, change, give up, ask now; the log of attempts and the timetables."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.serializers import BodySerializer, DomainField
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, policy_viewset, request_viewer
from apps.pulls.models import (
    PullRun,
    Source,
    SourceKind,
    TransitRoute,
    TransitService,
    TransitStop,
    TransitTrip,
)
from apps.pulls.services import source_ask, source_create, source_delete, source_update

SourceSerializer = policy_serializer(Source)


class ChangesSerializer(BodySerializer[Any]):
    """What may be changed of a source; what is left out stays as it is."""

    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(SourceKind.choices, required=False)
    address = serializers.CharField(max_length=500, required=False)
    mapping = serializers.DictField(required=False)
    schedule = serializers.IntegerField(required=False)
    secret = serializers.CharField(max_length=40, required=False, allow_blank=True)
    active = serializers.BooleanField(required=False)


class WishSerializer(ChangesSerializer):
    """What a new source needs."""

    domain = DomainField()
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(SourceKind.choices)
    address = serializers.CharField(max_length=500)


class SourceViewSet(PolicyViewSet):
    """Outside systems that readings are fetched from."""

    key_needs = (Capability.UPLOAD,)
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_fields = ("domain", "kind", "active")

    @extend_schema(request=WishSerializer, responses={201: SourceSerializer})
    def create(self, request: Request) -> Response:
        """Name a source; it is asked within ten seconds."""
        asked = WishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        source = source_create(domain=values.pop("domain"), values=values, viewer=request_viewer(request))
        return Response(self.get_serializer(source).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangesSerializer, responses=SourceSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a source."""
        asked = ChangesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        viewer = request_viewer(request)
        source = source_update(self.get_object(), values=asked.validated_data, viewer=viewer)
        return Response(self.get_serializer(source).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Give a source up; the readings that it brought stay."""
        source_delete(self.get_object(), viewer=request_viewer(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={202: SourceSerializer})
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        """Ask the source within ten seconds; the log shows what came of it."""
        source = source_ask(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(source).data, status=status.HTTP_202_ACCEPTED)


ROUTES = {
    "sources": SourceViewSet,
    "runs": policy_viewset(PullRun, filters=["source", "state"]),
    "stops": policy_viewset(TransitStop, filters=["source"]),
    "routes": policy_viewset(TransitRoute, filters=["source"]),
    "calendars": policy_viewset(TransitService, filters=["source"]),
    "trips": policy_viewset(TransitTrip, filters=["source", "route"]),
}
