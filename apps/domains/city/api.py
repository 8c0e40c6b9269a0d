"""REST collections of the city domain."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.serializers import BodyModelSerializer, BodySerializer
from apps.domains.city.models import (
    AirStation,
    District,
    InspectionSite,
    ReplyKind,
    RequestReply,
    RoadLink,
    RoadSegment,
    ServiceRequest,
)
from apps.domains.city.services.requests import CHANGEABLE, LONGEST_REPLY, reply_write, request_handle
from apps.privacy.services.rest import ExactSearch, policy_serializer, policy_viewset, request_viewer

ServiceRequestSerializer = policy_serializer(ServiceRequest)


class HandleSerializer(BodyModelSerializer[ServiceRequest]):
    """What a handler may change of a request.

    ``read`` holds values as the caller read them; the change is refused (409) if they are others now.
    """

    read = serializers.DictField(
        child=serializers.CharField(allow_blank=True, allow_null=True), required=False
    )

    class Meta:
        model = ServiceRequest
        fields = (*CHANGEABLE, "read")


class ReplySerializer(BodySerializer[RequestReply]):
    """A note for colleagues (``note``) or what the caller was answered (``answer``)."""

    kind = serializers.ChoiceField(choices=ReplyKind.choices, required=False, default=ReplyKind.NOTE)
    text = serializers.CharField(max_length=LONGEST_REPLY)


ShownReply = policy_serializer(RequestReply)


class ServiceRequestViewSet(ExactSearch):
    """One request with its text, its place, who brought it, and who deals with it until when."""

    key_needs = (Capability.HANDLE,)
    queryset = ServiceRequest.objects.all()
    serializer_class = ServiceRequestSerializer
    filterset_fields = ("state", "category", "department", "division")

    @extend_schema(request=HandleSerializer, responses=ServiceRequestSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Assign a request or move it on; needs the capability ``handle``."""
        found = self.get_object()
        wish = HandleSerializer(found, data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        changes = dict(wish.validated_data)
        read = changes.pop("read", None)
        handled = request_handle(found, viewer=request_viewer(request), changes=changes, read=read)
        return Response(self.get_serializer(handled).data)

    @extend_schema(request=ReplySerializer, responses={201: ShownReply})
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: str | None = None) -> Response:
        """Add a reply to a request; needs the capability ``handle``."""
        asked = ReplySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        written = reply_write(self.get_object(), viewer=request_viewer(request), **asked.validated_data)
        return Response(ShownReply(written, context=self.get_serializer_context()).data, status=201)


ROUTES = {
    "districts": policy_viewset(District),
    "roads": policy_viewset(RoadSegment, filters=("road_class", "division")),
    "road-links": policy_viewset(RoadLink, filters=("source", "target")),
    "air-stations": policy_viewset(AirStation, filters=("division",)),
    "sites": policy_viewset(InspectionSite, filters=("category", "priority", "division")),
    "requests": ServiceRequestViewSet,
    "request-replies": policy_viewset(RequestReply, filters=("request", "kind")),
}
