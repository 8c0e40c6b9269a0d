"""Device accounts for programs: make, rotate, end."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.serializers import BodySerializer, DomainField
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, request_viewer
from apps.sensing.models import Device
from apps.sensing.models.devices import KINDS
from apps.sensing.mqtt.topics import rights_of
from apps.sensing.services.devices import device_create, device_end, device_rotate

DeviceSerializer = policy_serializer(Device)


class AccountSerializer(BodySerializer[Any]):
    """Which account is wished."""

    domain = DomainField()
    code = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(KINDS, default="device")


class CredentialsSerializer(BodySerializer[Any]):
    """What the device needs; the password is shown this once."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    password = serializers.CharField()
    broker = serializers.CharField(help_text=_("Address of the MQTT broker."))
    publish = serializers.ListField(child=serializers.CharField(), help_text=_("Topics to publish to."))
    subscribe = serializers.ListField(child=serializers.CharField(), help_text=_("Topics to subscribe to."))


class DeviceViewSet(PolicyViewSet):
    """Accounts of devices and readers at the MQTT broker."""

    key_needs = (Capability.UPLOAD,)
    queryset = Device.objects.all()
    serializer_class = DeviceSerializer
    filterset_fields = ("domain", "kind", "active", "online")

    @extend_schema(request=AccountSerializer, responses={201: CredentialsSerializer})
    def create(self, request: Request) -> Response:
        """Make an account."""
        asked = AccountSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        device, password = device_create(**asked.validated_data, viewer=request_viewer(request))
        return Response(_credentials(device, password), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=CredentialsSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """Give the account a new password."""
        device = self.get_object()
        return Response(_credentials(device, device_rotate(device, viewer=request_viewer(request))))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End the account at once."""
        device = device_end(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(device).data)


def _credentials(device: Device, password: str) -> dict[str, Any]:
    topics = rights_of(device.kind, device.domain, device.code)
    account = {"id": device.pk, "username": device.username, "password": password}
    return {**account, "broker": settings.MQTT_PUBLIC_URL, **topics}
