"""What a usual Django service does with a reading: a serializer, the ORM, one insert a request.

The single-reading figure is compared with it; ``benchmarks.peer_app`` serves it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.sensing.models import Datastream, Observation


class ReadingSerializer(serializers.Serializer[Observation]):
    """One reading, checked field by field."""

    datastream = serializers.SlugRelatedField(slug_field="key", queryset=Datastream.objects.all())
    phenomenon_time = serializers.DateTimeField()
    result = serializers.FloatField()


class ReadingsView(APIView):
    """Without login, which the gateway does check: the comparison favours the peer."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def post(self, request: Request) -> Response:
        """Store one reading."""
        asked = ReadingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        Observation.objects.create(**asked.validated_data)
        return Response({"stored": 1}, status=201)


def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the process answers."""
    return HttpResponse()


urlpatterns = [path("v1/observations", ReadingsView.as_view()), path("healthz", healthz)]
