"""Alarms for programs: rules, alarms and acts on them, events, webhooks, what was told to whom."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.alerts.models import Alarm, AlarmEvent, Notification, Watch, Webhook
from apps.alerts.rules_api import RuleViewSet
from apps.alerts.services import (
    alarm_acknowledge,
    alarm_shelve,
    alarm_unshelve,
    notification_retry,
    webhook_create,
    webhook_end,
    webhook_rotate,
)
from apps.core.serializers import BodySerializer, DomainField
from apps.privacy.services.rest import PolicyViewSet, policy_serializer, policy_viewset, request_viewer

AlarmSerializer, NotificationSerializer = policy_serializer(Alarm), policy_serializer(Notification)
WebhookSerializer = policy_serializer(Webhook)


class NoteSerializer(BodySerializer[Any]):
    """Words to an act."""

    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ShelfSerializer(BodySerializer[Any]):
    """Until when an alarm lies on the shelf, and why."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)


class WebhookWishSerializer(BodySerializer[Any]):
    """A new webhook."""

    domain = DomainField()
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=300)


class KeySerializer(BodySerializer[Any]):
    """A signing key; it is shown this once."""

    id = serializers.IntegerField()
    key = serializers.CharField()


class AlarmViewSet(PolicyViewSet):
    """Alarms, the newest first; a group stands for its members."""

    key_needs = (Capability.HANDLE,)
    queryset = Alarm.objects.all()
    serializer_class = AlarmSerializer
    filterset_fields = {
        "domain": ["exact"],
        "state": ["exact", "in"],
        "priority": ["exact"],
        "rule": ["exact"],
        "datastream": ["exact"],
        "group": ["exact", "isnull"],
        "shelved_until": ["isnull"],
    }
    keyset = ("-id",)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Take note of an alarm, or of a group with all its alarms."""
        asked = NoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._answer(
            alarm_acknowledge(self.get_object(), viewer=request_viewer(request), **asked.validated_data)
        )

    @extend_schema(request=ShelfSerializer)
    @action(detail=True, methods=["post"])
    def shelve(self, request: Request, pk: str) -> Response:
        """Out of sight until a moment at most seven days ahead."""
        asked = ShelfSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._answer(
            alarm_shelve(self.get_object(), viewer=request_viewer(request), **asked.validated_data)
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def unshelve(self, request: Request, pk: str) -> Response:
        """Back into sight."""
        return self._answer(alarm_unshelve(self.get_object(), viewer=request_viewer(request)))

    def _answer(self, alarm: Alarm) -> Response:
        return Response(self.get_serializer(alarm).data)


class WebhookViewSet(PolicyViewSet):
    """Addresses that are told of alarms."""

    key_needs = (Capability.APPROVE,)
    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    filterset_fields = ("domain", "active")

    @extend_schema(request=WebhookWishSerializer, responses={201: KeySerializer})
    def create(self, request: Request) -> Response:
        """A new webhook; its key is in the answer and nowhere else."""
        asked = WebhookWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made, key = webhook_create(**asked.validated_data, viewer=request_viewer(request))
        return Response({"id": made.pk, "key": key}, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=KeySerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new key."""
        hook = self.get_object()
        return Response({"id": hook.pk, "key": webhook_rotate(hook, viewer=request_viewer(request))})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Tell it nothing more."""
        ended = webhook_end(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(ended).data)


class NotificationViewSet(PolicyViewSet):
    """What was told to whom, what waits and what was given up."""

    key_needs = (Capability.HANDLE,)
    queryset = Notification.objects.all()
    serializer_class = NotificationSerializer
    filterset_fields = ("channel", "state", "event", "webhook")
    keyset = ("-id",)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try a message again that was given up."""
        again = notification_retry(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(again).data)


ROUTES = {
    "rules": RuleViewSet,
    "alarms": AlarmViewSet,
    "events": policy_viewset(AlarmEvent, filters=["alarm", "act"]),
    "watches": policy_viewset(Watch, filters=["rule", "datastream", "breached", "due"]),
    "webhooks": WebhookViewSet,
    "notifications": NotificationViewSet,
}
