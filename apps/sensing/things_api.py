"""Things and datastreams for programs: what has been retired is activated again."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer
from apps.sensing.models import Datastream, Thing
from apps.sensing.services.activating import stream_activate, thing_activate


class ThingViewSet(PolicyViewSet):
    """Things that carry sensors."""

    key_needs = (Capability.UPLOAD,)
    queryset = Thing.objects.all()
    serializer_class = policy_serializer(Thing)
    filterset_fields = ("domain", "code")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Activate a retired thing again, with all its datastreams."""
        thing = thing_activate(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(thing).data)


class DatastreamViewSet(PolicyViewSet):
    """Series of readings of one kind at one thing."""

    key_needs = (Capability.UPLOAD,)
    queryset = Datastream.objects.select_related("thing")
    serializer_class = policy_serializer(Datastream)
    filterset_fields = ("thing", "kind", "key", "active")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Activate a datastream again, so that it takes readings; its thing must be active."""
        stream = stream_activate(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(stream).data)
