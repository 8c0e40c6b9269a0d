"""REST collections of the city domain."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.serializers import BodyModelSerializer
from apps.domains.city.models import (
    AirStation,
    District,
    InspectionSite,
    RoadLink,
    RoadSegment,
    ServiceRequest,
)
from apps.domains.city.services.requests import CHANGEABLE, request_handle
from apps.privacy.services.rest import ExactSearch, policy_serializer, policy_viewset, request_viewer

ServiceRequestSerializer = policy_serializer(ServiceRequest)


class HandleSerializer(BodyModelSerializer[ServiceRequest]):
    """What a handler may change of a request."""

    class Meta:
        model = ServiceRequest
        fields = CHANGEABLE


class ServiceRequestViewSet(ExactSearch):
    """One request with its text, its place, who brought it, and who deals with it until when."""

    queryset = ServiceRequest.objects.all()
    serializer_class = ServiceRequestSerializer
    filterset_fields = ("state", "category", "department", "division")

    @extend_schema(request=HandleSerializer, responses=ServiceRequestSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Assign a request or move it on; needs the capability ``handle``."""
        found = self.get_object()
        wish = HandleSerializer(found, data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        handled = request_handle(found, viewer=request_viewer(request), changes=wish.validated_data)
        return Response(self.get_serializer(handled).data)


ROUTES = {
    "districts": policy_viewset(District),
    "roads": policy_viewset(RoadSegment, filters=("road_class", "division")),
    "road-links": policy_viewset(RoadLink, filters=("source", "target")),
    "air-stations": policy_viewset(AirStation, filters=("division",)),
    "sites": policy_viewset(InspectionSite, filters=("category", "priority", "division")),
    "requests": ServiceRequestViewSet,
}
